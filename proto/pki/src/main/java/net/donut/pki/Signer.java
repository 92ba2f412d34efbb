package net.donut.pki;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import net.donut.model.Role;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Makes and signs X.509 v3 certificates and v2 revocation lists (RFC 5280): ECDSA on P-256 with
/// SHA-256, keys and signatures by the JDK, encoding by BouncyCastle.
final class Signer {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int SERIAL_BITS = 127;

  private final X509Certificate authority;
  private final PrivateKey key;

  Signer(X509Certificate authority, PrivateKey key) {
    this.authority = authority;
    this.key = key;
  }

  /// From when to when a certificate is good.
  record Validity(Instant notBefore, Instant notAfter) {}

  static KeyPair newKeys() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  static X509Certificate selfSigned(String name, KeyPair keys, Validity validity)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    X500Name subject = named(name);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject,
            newSerial(),
            Date.from(validity.notBefore()),
            Date.from(validity.notAfter()),
            subject,
            keys.getPublic());
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        extensions.createSubjectKeyIdentifier(keys.getPublic()));
    return new JcaX509CertificateConverter().getCertificate(builder.build(by(keys.getPrivate())));
  }

  X509Certificate sign(Role role, KeyPair keys, Validity validity)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            X500Name.getInstance(authority.getSubjectX500Principal().getEncoded()),
            newSerial(),
            Date.from(validity.notBefore()),
            Date.from(validity.notAfter()),
            named(role.uri()),
            keys.getPublic());
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes(role)));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, role.uri())));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        extensions.createSubjectKeyIdentifier(keys.getPublic()));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        extensions.createAuthorityKeyIdentifier(authority));
    return new JcaX509CertificateConverter().getCertificate(builder.build(by(key)));
  }

  private static KeyPurposeId[] purposes(Role role) {
    return switch (role) {
      case Role.Agent _, Role.Controller _ ->
          new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
      case Role.OperatorRead _, Role.OperatorWrite _ ->
          new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
    };
  }

  /// The list of what is revoked. It stays good as long as the authority: who has it last keeps
  /// refusing what it names, and a forgotten update stops nobody's work.
  X509CRL revocations(Instant now, List<Issued> revoked)
      throws GeneralSecurityException, IOException, OperatorCreationException {
    JcaX509v2CRLBuilder builder =
        new JcaX509v2CRLBuilder(authority.getSubjectX500Principal(), Date.from(now));
    builder.setNextUpdate(authority.getNotAfter());
    for (Issued issued : revoked) {
      Instant at = issued.revoked();
      if (at != null) {
        builder.addCRLEntry(issued.serial(), Date.from(at), CRLReason.unspecified);
      }
    }
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority));
    return new JcaX509CRLConverter().getCRL(builder.build(by(key)));
  }

  private static ContentSigner by(PrivateKey key) throws OperatorCreationException {
    return new JcaContentSignerBuilder("SHA256withECDSA").build(key);
  }

  private static X500Name named(String name) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
  }

  /// Never zero, never negative (RFC 5280 §4.1.2.2).
  private static BigInteger newSerial() {
    return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS - 1);
  }
}
