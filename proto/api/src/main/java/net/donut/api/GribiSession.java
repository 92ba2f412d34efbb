package net.donut.api;

import gribi.Gribi.ModifyRequest;
import gribi.Gribi.SessionParameters;

/// How a client of ours opens a Modify stream.
public final class GribiSession {
  /// Its first message: one primary client, entries that outlive it, and results that tell what the
  /// kernel did.
  public static final ModifyRequest PARAMETERS =
      ModifyRequest.newBuilder()
          .setParams(
              SessionParameters.newBuilder()
                  .setRedundancy(SessionParameters.ClientRedundancy.SINGLE_PRIMARY)
                  .setPersistence(SessionParameters.AFTPersistence.PRESERVE)
                  .setAckType(SessionParameters.AFTResultStatusType.RIB_AND_FIB_ACK))
          .build();

  private GribiSession() {}
}
