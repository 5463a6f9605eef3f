package dev.musa.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.musa.runtime.lifecycle.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sends everything that is logged to one rolling file, as the console belongs to what a user should
 * read; or to standard error, where whoever runs containers looks for it. Kafka, Jetty and gRPC are
 * heard from WARN on.
 */
final class Logs {
  /** The environment variable that says where to; the image's start script sets it. */
  static final String WHERE = "MUSA_LOG";

  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level [%thread] %logger{36} %msg %kvp%n%ex";
  private static final FileSize FILE_SIZE = new FileSize(10 * FileSize.MB_COEFFICIENT);
  private static final int OLD_FILES = 4;

  private static volatile @Nullable Path file;

  private Logs() {}

  /** Nothing that libraries log reaches the console; it is kept from {@link #open} on. */
  static void silence() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }

  /** From now on the log is {@code DIRECTORY/NAME.log}, or where {@value #WHERE} says. */
  static void open(Path directory, String name) {
    open(directory, name, System.getenv().getOrDefault(WHERE, "file"));
  }

  static void open(Path directory, String name, String where) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    switch (where) {
      case "file" -> toFile(context, directory, name);
      case "stderr" -> start(context, toStandardError(context), null);
      default ->
          throw new StartupException(WHERE + " is " + where + " (expected: file, or stderr)");
    }
  }

  private static void toFile(LoggerContext context, Path directory, String name) {
    Path target = directory.resolve(name + ".log").toAbsolutePath().normalize();
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new StartupException(
          "the log directory "
              + directory.toAbsolutePath()
              + " cannot be created ("
              + e
              + "): make it writable for this user, or name another place with --data",
          e);
    }
    start(context, appender(context, target), target);
  }

  private static void start(
      LoggerContext context, Appender<ILoggingEvent> appender, @Nullable Path target) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(appender);
    root.setLevel(Level.WARN);
    context.getLogger("dev.musa").setLevel(Level.INFO);
    file = target;
  }

  /** Where a stack trace can be found, if anywhere. */
  static @Nullable Path file() {
    return file;
  }

  private static Appender<ILoggingEvent> toStandardError(LoggerContext context) {
    JsonLines encoder = new JsonLines();
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private static RollingFileAppender<ILoggingEvent> appender(LoggerContext context, Path target) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setFile(target.toString());
    FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(target.toString().replaceFirst("\\.log$", ".%i.log"));
    rolling.setMinIndex(1);
    rolling.setMaxIndex(OLD_FILES);
    rolling.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
    trigger.setContext(context);
    trigger.setMaxFileSize(FILE_SIZE);
    trigger.start();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(trigger);
    appender.start();
    return appender;
  }
}
