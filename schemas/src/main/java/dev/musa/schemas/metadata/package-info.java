/** What the Kubernetes API knows of pods, as it stands on the metadata topic. */
@NullMarked
package dev.musa.schemas.metadata;

import org.jspecify.annotations.NullMarked;
