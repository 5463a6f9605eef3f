package dev.musa.app.demo;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;

/** One log record that a call writes. */
record LogLine(Severity severity, String body, Attributes attributes) {
  LogLine(Severity severity, String body) {
    this(severity, body, Attributes.empty());
  }
}
