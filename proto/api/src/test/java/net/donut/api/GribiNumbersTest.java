package net.donut.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import com.google.protobuf.util.JsonFormat;
import gribi.Gribi;
import gribi_aft.GribiAft;
import gribi_aft.enums.Enums;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Holds our copy of the gRIBI service to the numbers of the published one (openconfig/gribi
/// 1.9.1): `gribi-numbers.json` has every message, field, enum value and method of its descriptors.
/// Ours may lack messages and fields, which then travel as unknown fields; an enum of ours has
/// every value, because an unknown one reads as another answer.
class GribiNumbersTest {
  private static final List<FileDescriptor> OURS =
      List.of(Gribi.getDescriptor(), GribiAft.getDescriptor(), Enums.getDescriptor());
  private static final Struct PUBLISHED = published();

  @TestFactory
  Stream<DynamicTest> every_field_of_a_message_has_the_published_number_and_type() {
    return messages()
        .map(message ->
            DynamicTest.dynamicTest(
                message.getFullName(),
                () -> {
                  assertThat(of("messages")).containsKey(message.getFullName());
                  Map<String, Value> fields = members("messages", message.getFullName());
                  for (FieldDescriptor field : message.getFields()) {
                    assertThat(texts(fields.get(Integer.toString(field.getNumber()))))
                        .as("field %d", field.getNumber())
                        .containsExactly(field.getName(), type(field), label(field));
                  }
                }));
  }

  @TestFactory
  Stream<DynamicTest> every_enum_has_the_published_values_and_no_other() {
    return enums()
        .map(type ->
            DynamicTest.dynamicTest(
                type.getFullName(),
                () -> {
                  Map<String, String> ours = new TreeMap<>();
                  type.getValues()
                      .forEach(
                          value -> ours.put(Integer.toString(value.getNumber()), value.getName()));
                  Map<String, String> published = new TreeMap<>();
                  members("enums", type.getFullName())
                      .forEach((number, name) -> published.put(number, name.getStringValue()));
                  assertThat(ours).isEqualTo(published);
                }));
  }

  @Test
  void the_service_has_the_published_methods() {
    ServiceDescriptor service = Gribi.getDescriptor().findServiceByName("gRIBI");
    Map<String, Value> published = members("services", service.getFullName());

    assertThat(service.getMethods())
        .extracting(MethodDescriptor::getName)
        .containsExactlyInAnyOrderElementsOf(published.keySet());
    for (MethodDescriptor method : service.getMethods()) {
      Map<String, Value> form =
          Objects.requireNonNull(published.get(method.getName())).getStructValue().getFieldsMap();
      assertThat(text(form, "request")).isEqualTo(method.getInputType().getFullName());
      assertThat(text(form, "response")).isEqualTo(method.getOutputType().getFullName());
      assertThat(flag(form, "client_streams")).isEqualTo(method.isClientStreaming());
      assertThat(flag(form, "server_streams")).isEqualTo(method.isServerStreaming());
    }
  }

  @Test
  void a_session_that_is_accepted_reads_as_ok_to_a_client_of_the_published_service() {
    assertThat(Gribi.SessionParametersResult.Status.OK.getNumber()).isZero();
  }

  private static Stream<Descriptor> messages() {
    return OURS.stream()
        .flatMap(file -> file.getMessageTypes().stream())
        .flatMap(GribiNumbersTest::withNested);
  }

  private static Stream<Descriptor> withNested(Descriptor message) {
    return Stream.concat(
        Stream.of(message),
        message.getNestedTypes().stream().flatMap(GribiNumbersTest::withNested));
  }

  private static Stream<EnumDescriptor> enums() {
    return Stream.concat(
        OURS.stream().flatMap(file -> file.getEnumTypes().stream()),
        messages().flatMap(message -> message.getEnumTypes().stream()));
  }

  private static String type(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> "message " + field.getMessageType().getFullName();
      case ENUM -> "enum " + field.getEnumType().getFullName();
      case INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING, BYTE_STRING ->
          field.getType().name().toLowerCase(Locale.ROOT);
    };
  }

  private static String label(FieldDescriptor field) {
    return field.isRepeated() ? "repeated" : "";
  }

  private static Map<String, Value> of(String kind) {
    return PUBLISHED.getFieldsOrThrow(kind).getStructValue().getFieldsMap();
  }

  private static Map<String, Value> members(String kind, String name) {
    return Objects.requireNonNull(of(kind).get(name), name).getStructValue().getFieldsMap();
  }

  private static String text(Map<String, Value> form, String key) {
    return Objects.requireNonNull(form.get(key)).getStringValue();
  }

  private static boolean flag(Map<String, Value> form, String key) {
    return Objects.requireNonNull(form.get(key)).getBoolValue();
  }

  private static List<String> texts(@Nullable Value field) {
    return field == null
        ? new ArrayList<>()
        : field.getListValue().getValuesList().stream()
            .map(Value::getStringValue)
            .collect(Collectors.toList());
  }

  private static Struct published() {
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(
                GribiNumbersTest.class.getResourceAsStream("gribi-numbers.json")),
            StandardCharsets.UTF_8)) {
      Struct.Builder all = Struct.newBuilder();
      JsonFormat.parser().merge(reader, all);
      return all.build();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
