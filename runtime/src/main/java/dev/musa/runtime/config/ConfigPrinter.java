package dev.musa.runtime.config;

import java.io.StringWriter;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * Prints a configuration as YAML that {@link ConfigReader} reads back, except for secrets: these,
 * and entries of string maps whose keys speak of passwords, tokens or keys, are printed as {@code
 * ***}.
 */
public final class ConfigPrinter {

  private static final YAMLFactory YAML =
      YAMLFactory.builder()
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .disable(YAMLWriteFeature.SPLIT_LINES)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLWriteFeature.INDENT_ARRAYS_WITH_INDICATOR)
          .build();

  private static final Pattern TELLTALE =
      Pattern.compile("password|passphrase|secret|token|jaas|credential|authorization|\\.key$");

  private ConfigPrinter() {}

  public static String print(Record config) {
    StringWriter yaml = new StringWriter();
    try (JsonGenerator out = YAML.createGenerator(ObjectWriteContext.empty(), yaml)) {
      write(out, config);
    }
    return yaml.toString();
  }

  /** Whether an entry with this key in a map of strings is better not shown. */
  public static boolean isTelltale(String key) {
    return TELLTALE.matcher(key.toLowerCase(Locale.ROOT)).find();
  }

  private static void write(JsonGenerator out, @Nullable Object value) {
    switch (value) {
      case null -> out.writeNull();
      case Boolean flag -> out.writeBoolean(flag);
      case Integer number -> out.writeNumber(number);
      case Long number -> out.writeNumber(number);
      case Double number -> out.writeNumber(number);
      case Secret _ -> out.writeString(Secret.MASK);
      case Duration duration -> out.writeString(Durations.format(duration));
      case Enum<?> constant -> out.writeString(Names.lowerCamelCase(constant.name()));
      case Iterable<?> list when !(value instanceof java.nio.file.Path) -> writeList(out, list);
      case Map<?, ?> map -> writeMap(out, map);
      case Record record when !Scalars.isScalar(record.getClass()) -> writeRecord(out, record);
      default -> out.writeString(References.escape(value.toString()));
    }
  }

  private static void writeRecord(JsonGenerator out, Record record) {
    out.writeStartObject();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      out.writeName(component.getName());
      write(out, Records.get(record, component));
    }
    out.writeEndObject();
  }

  private static void writeList(JsonGenerator out, Iterable<?> list) {
    out.writeStartArray();
    for (Object element : list) {
      write(out, element);
    }
    out.writeEndArray();
  }

  private static void writeMap(JsonGenerator out, Map<?, ?> map) {
    out.writeStartObject();
    map.forEach((key, value) -> {
      String name =
          key instanceof Enum<?> constant
              ? Names.lowerCamelCase(constant.name())
              : String.valueOf(key);
      out.writeName(name);
      if (value instanceof String && isTelltale(name)) {
        out.writeString(Secret.MASK);
      } else {
        write(out, value);
      }
    });
    out.writeEndObject();
  }
}
