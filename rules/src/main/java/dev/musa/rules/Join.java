package dev.musa.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Joins data points to the pods that they are about, which are not those that sent them. Of several
 * such steps the first one counts whose attributes a point has, also if it finds no pod.
 *
 * @param pod the attribute of the point that holds the pod's name
 * @param namespace the attribute of the point that holds the pod's namespace
 * @param container the attribute of the point that holds the container's name; null if that does
 *     not count
 * @param attributes what is added to the point, as far as it lacks it
 */
public record Join(
    String name,
    Condition when,
    AttributePath pod,
    AttributePath namespace,
    @Nullable AttributePath container,
    List<AttributePath> attributes)
    implements Step {
  public Join {
    attributes = List.copyOf(attributes);
  }
}
