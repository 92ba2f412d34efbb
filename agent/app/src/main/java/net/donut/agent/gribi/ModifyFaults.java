package net.donut.agent.gribi;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import com.google.rpc.Status;
import gribi.Gribi.FlushResponseError;
import gribi.Gribi.ModifyRPCErrorDetails;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;

/// The errors that end an RPC, with `google.rpc.Status` and the details gRIBI prescribes: exactly
/// one each.
final class ModifyFaults {
  private ModifyFaults() {}

  static StatusRuntimeException modify(
      Code code, ModifyRPCErrorDetails.Reason reason, String message) {
    return fault(code, message, ModifyRPCErrorDetails.newBuilder().setReason(reason).build());
  }

  static StatusRuntimeException flush(Code code, FlushResponseError.Reason reason, String message) {
    return fault(code, message, FlushResponseError.newBuilder().setStatus(reason).build());
  }

  private static StatusRuntimeException fault(Code code, String message, Message detail) {
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder()
            .setCode(code.getNumber())
            .setMessage(message)
            .addDetails(Any.pack(detail))
            .build());
  }

  static StatusRuntimeException plain(io.grpc.Status status, String message) {
    return status.withDescription(message).asRuntimeException();
  }
}
