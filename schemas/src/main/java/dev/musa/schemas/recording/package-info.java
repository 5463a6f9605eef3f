/** Files of OTLP requests as they came in, to be sent again. */
@NullMarked
package dev.musa.schemas.recording;

import org.jspecify.annotations.NullMarked;
