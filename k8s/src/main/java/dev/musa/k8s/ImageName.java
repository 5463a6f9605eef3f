package dev.musa.k8s;

import org.jspecify.annotations.Nullable;

/**
 * The parts of the reference to a container image.
 *
 * @param name with its registry
 * @param tag null where only a digest is given
 */
record ImageName(String name, @Nullable String tag) {
  private static final String USUAL_TAG = "latest";

  /** Takes {@code registry:5000/path/name:tag@sha256:digest}, of which only the name has to be. */
  static ImageName parse(String reference) {
    int digest = reference.indexOf('@');
    String tagged = digest < 0 ? reference : reference.substring(0, digest);
    int colon = tagged.lastIndexOf(':');
    if (colon > tagged.lastIndexOf('/')) {
      return new ImageName(tagged.substring(0, colon), tagged.substring(colon + 1));
    }
    return new ImageName(tagged, digest < 0 ? USUAL_TAG : null);
  }

  /** {@code name@sha256:…} of an image id as the kubelet tells it; null if it tells none. */
  static @Nullable String digest(@Nullable String imageId) {
    if (imageId == null || imageId.indexOf('@') < 0) {
      return null;
    }
    int scheme = imageId.indexOf("://");
    return scheme < 0 ? imageId : imageId.substring(scheme + 3);
  }
}
