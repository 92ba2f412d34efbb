package net.donut.netlink;

/// The error numbers of the Linux kernel (`asm-generic/errno-base.h`, `asm-generic/errno.h`).
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int ESRCH = 3;
  public static final int EINTR = 4;
  public static final int EAGAIN = 11;
  public static final int EEXIST = 17;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int EOPNOTSUPP = 95;
  public static final int ENETUNREACH = 101;
  public static final int ENOBUFS = 105;
  public static final int EHOSTUNREACH = 113;

  /* The name of error n at position n; empty where the number is not in use. */
  private static final String[] NAMES =
      """
      - EPERM ENOENT ESRCH EINTR EIO ENXIO E2BIG
      ENOEXEC EBADF ECHILD EAGAIN ENOMEM EACCES EFAULT ENOTBLK
      EBUSY EEXIST EXDEV ENODEV ENOTDIR EISDIR EINVAL ENFILE
      EMFILE ENOTTY ETXTBSY EFBIG ENOSPC ESPIPE EROFS EMLINK
      EPIPE EDOM ERANGE EDEADLK ENAMETOOLONG ENOLCK ENOSYS ENOTEMPTY
      ELOOP - ENOMSG EIDRM ECHRNG EL2NSYNC EL3HLT EL3RST
      ELNRNG EUNATCH ENOCSI EL2HLT EBADE EBADR EXFULL ENOANO
      EBADRQC EBADSLT - EBFONT ENOSTR ENODATA ETIME ENOSR
      ENONET ENOPKG EREMOTE ENOLINK EADV ESRMNT ECOMM EPROTO
      EMULTIHOP EDOTDOT EBADMSG EOVERFLOW ENOTUNIQ EBADFD EREMCHG ELIBACC
      ELIBBAD ELIBSCN ELIBMAX ELIBEXEC EILSEQ ERESTART ESTRPIPE EUSERS
      ENOTSOCK EDESTADDRREQ EMSGSIZE EPROTOTYPE ENOPROTOOPT EPROTONOSUPPORT ESOCKTNOSUPPORT EOPNOTSUPP
      EPFNOSUPPORT EAFNOSUPPORT EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ENETRESET ECONNABORTED
      ECONNRESET ENOBUFS EISCONN ENOTCONN ESHUTDOWN ETOOMANYREFS ETIMEDOUT ECONNREFUSED
      EHOSTDOWN EHOSTUNREACH EALREADY EINPROGRESS ESTALE EUCLEAN ENOTNAM ENAVAIL
      EISNAM EREMOTEIO EDQUOT ENOMEDIUM EMEDIUMTYPE ECANCELED ENOKEY EKEYEXPIRED
      EKEYREVOKED EKEYREJECTED EOWNERDEAD ENOTRECOVERABLE ERFKILL EHWPOISON
      """
          .trim()
          .split("\\s+");

  private Errno() {}

  /// The symbolic name such as `EEXIST`, or `errno 999` for a number without one.
  public static String name(int errno) {
    return errno > 0 && errno < NAMES.length && !NAMES[errno].equals("-")
        ? NAMES[errno]
        : "errno " + errno;
  }

  /// Name and number: `EEXIST (errno 17)`.
  public static String describe(int errno) {
    return name(errno) + " (errno " + errno + ")";
  }
}
