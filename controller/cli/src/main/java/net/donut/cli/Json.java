package net.donut.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.donut.api.operator.v1.OperatorOuterClass;

/// Messages as JSON for scripts: field names as in the contract, numbers as numbers (also 64-bit
/// ones, which protobuf's own printer writes as strings), absent fields with their default, bytes
/// as hex; without the sentences that are marked `for_people`.
final class Json {
  private Json() {}

  static String of(Message message) {
    StringBuilder out = new StringBuilder();
    write(out, message, 0);
    return out.toString();
  }

  /// An object of texts, in the order of the map.
  static String of(Map<String, String> fields) {
    StringBuilder out = new StringBuilder("{");
    String comma = "";
    for (Map.Entry<String, String> field : fields.entrySet()) {
      out.append(comma);
      comma = ", ";
      quote(out, field.getKey());
      out.append(": ");
      quote(out, field.getValue());
    }
    return out.append('}').toString();
  }

  private static void write(StringBuilder out, Message message, int depth) {
    out.append('{');
    String comma = "";
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      boolean isForPeople = field.getOptions().getExtension(OperatorOuterClass.forPeople);
      if (isForPeople || (field.hasPresence() && !message.hasField(field))) {
        continue;
      }
      out.append(comma).append('\n').append("  ".repeat(depth + 1));
      comma = ",";
      quote(out, field.getName());
      out.append(": ");
      if (field.isRepeated()) {
        list(out, field, (List<?>) message.getField(field), depth + 1);
      } else {
        value(out, field, message.getField(field), depth + 1);
      }
    }
    out.append(comma.isEmpty() ? "}" : "\n" + "  ".repeat(depth) + "}");
  }

  private static void list(StringBuilder out, FieldDescriptor field, List<?> values, int depth) {
    out.append('[');
    for (int i = 0; i < values.size(); i++) {
      out.append(i == 0 ? "" : ", ");
      value(out, field, values.get(i), depth);
    }
    out.append(']');
  }

  private static void value(StringBuilder out, FieldDescriptor field, Object value, int depth) {
    switch (field.getJavaType()) {
      case MESSAGE -> write(out, (Message) value, depth);
      case STRING, ENUM -> quote(out, value.toString());
      case BYTE_STRING -> quote(out, HexFormat.of().formatHex(((ByteString) value).toByteArray()));
      case LONG ->
          out.append(
              isUnsigned(field) ? Long.toUnsignedString((Long) value) : String.valueOf(value));
      case INT ->
          out.append(
              isUnsigned(field)
                  ? Integer.toUnsignedString((Integer) value)
                  : String.valueOf(value));
      case FLOAT, DOUBLE, BOOLEAN -> out.append(value);
    }
  }

  private static boolean isUnsigned(FieldDescriptor field) {
    return switch (field.getType()) {
      case UINT32, UINT64, FIXED32, FIXED64 -> true;
      default -> false;
    };
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
