package dev.musa.processors.enrich;

import dev.musa.processors.stages.Joins;
import dev.musa.rules.AttributePath;
import dev.musa.rules.Join;
import dev.musa.schemas.RecordHeaders;
import dev.musa.schemas.wire.AnyValueView;
import dev.musa.schemas.wire.Attributes;
import dev.musa.schemas.wire.EncodedAttribute;
import dev.musa.schemas.wire.OtlpCursor;
import dev.musa.schemas.wire.Text;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Adds to data points what Kubernetes knows of the pod that their own attributes name. Points do
 * not wait for what is not known yet: scrapes come again.
 *
 * <p>For one thread. Per Kafka record: {@link #begin}, then it is asked for each point.
 */
public final class PointJoiner implements Joins {
  private final PodIndex index;
  private final Consumer<EncodedAttribute> into;
  private final Bytes key = new Bytes();
  private final AnyValueView value = new AnyValueView();
  private final PodTable.Found found = new PodTable.Found();

  private @Nullable PodTable table;
  private long unixMilli;
  private Match match = Match.NONE;

  /**
   * @param into takes what the current point lacks
   */
  public PointJoiner(PodIndex index, Consumer<EncodedAttribute> into) {
    this.index = index;
    this.into = into;
  }

  /** Starts a Kafka record. */
  public void begin(RecordHeaders headers) {
    table = index.of(headers.cluster());
    unixMilli = headers.intakeTimeUnixMilli();
    match = Match.NONE;
  }

  @Override
  public boolean join(Join step, OtlpCursor at) {
    Attributes sent = at.item().attributes();
    match = Match.NONE;
    key.clear();
    // In the order of the map.
    if (!addToKey(step.namespace(), sent) || !addToKey(step.pod(), sent)) {
      return false;
    }
    key.finish();
    PodTable pods = table;
    match =
        pods == null ? Match.UNKNOWN : pods.find(index.mapByName(), false, key, unixMilli, found);
    IndexedPod pod = found.pod;
    if (match == Match.FOUND && pod != null) {
      add(step, pod, sent);
    }
    return true;
  }

  @Override
  public String reason() {
    return match.reason();
  }

  private boolean addToKey(AttributePath path, Attributes sent) {
    if (!find(path, sent)) {
      return false;
    }
    Text text = value.text();
    key.add(text.buffer(), text.start(), text.length());
    return true;
  }

  /** Whether the point has the attribute, as a string that is not empty. */
  private boolean find(AttributePath path, Attributes sent) {
    return sent.find(path.utf8Key(), value)
        && value.type() == AnyValueView.Type.STRING
        && !value.text().isEmpty();
  }

  private void add(Join step, IndexedPod pod, Attributes sent) {
    List<AttributePath> wanted = step.attributes();
    long sketch = sent.sketch();
    add(pod.encoding.identity, wanted, sent, sketch);
    add(pod.encoding.attributes, wanted, sent, sketch);
    AttributePath named = step.container();
    if (named != null && find(named, sent)) {
      Text name = value.text();
      IndexedPod.Container container =
          pod.named(name.buffer(), name.start(), name.start() + name.length());
      if (container != null) {
        add(container.attributes, wanted, sent, sketch);
        add(container.newestId(), wanted, sent, sketch);
      }
    }
  }

  private void add(
      EncodedAttribute[] known, List<AttributePath> wanted, Attributes sent, long sketch) {
    for (EncodedAttribute attribute : known) {
      add(attribute, wanted, sent, sketch);
    }
  }

  private void add(
      @Nullable EncodedAttribute known, List<AttributePath> wanted, Attributes sent, long sketch) {
    if (known != null && isWanted(known.key(), wanted) && known.isMissingIn(sent, sketch)) {
      into.accept(known);
    }
  }

  private static boolean isWanted(byte[] key, List<AttributePath> wanted) {
    for (int i = 0; i < wanted.size(); i++) {
      if (Arrays.equals(key, wanted.get(i).utf8Key())) {
        return true;
      }
    }
    return false;
  }
}
