/** What runs through the pipeline, as a user is shown it. */
@NullMarked
package dev.musa.app.status;

import org.jspecify.annotations.NullMarked;
