/** The traffic of a small shop, sent through the OpenTelemetry SDK and counted as acknowledged. */
@NullMarked
package dev.musa.app.demo;

import org.jspecify.annotations.NullMarked;
