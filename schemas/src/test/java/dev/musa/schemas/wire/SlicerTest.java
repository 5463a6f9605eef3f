package dev.musa.schemas.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.musa.schemas.RandomOtlp;
import dev.musa.schemas.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Holds the slicer against the same done on generated classes. */
class SlicerTest {
  private static final int DESTINATIONS = 3;

  @Property(tries = 500)
  void slice_givesEachDestinationItsItems(@ForAll long seed, @ForAll Signal signal)
      throws Exception {
    RandomOtlp random = RandomOtlp.any(seed);
    byte[] bytes = random.encode(random.message(signal));
    Message request = Requests.parse(signal, bytes);
    Plan plan = new Plan(request, seed);

    Slicer slicer = new Slicer(signal);
    slicer.slice(bytes, DESTINATIONS, plan.route());

    for (int d = 0; d < DESTINATIONS; d++) {
      int destination = d;
      Message expected =
          Requests.filter(request, item -> plan.destination(item) == destination, item -> item);
      assertThat(slicer.items(d)).isEqualTo(plan.count(d));
      assertThat(slicer.isEmpty(d)).isEqualTo(expected == null);
      if (expected != null) {
        assertThat(Requests.parse(signal, slicer.bytes(d))).isEqualTo(expected);
      }
    }
  }

  @Property(tries = 300)
  void write_dividesByBytes(@ForAll long seed, @ForAll Signal signal) throws Exception {
    RandomOtlp random = RandomOtlp.any(seed);
    byte[] bytes = random.encode(random.message(signal));
    int maxBytes = 50 + new Random(seed).nextInt(2000);
    Slicer slicer = new Slicer(signal);
    slicer.slice(bytes, 1, _ -> 0);

    List<Message> items = new ArrayList<>();
    slicer.write(
        0,
        maxBytes,
        (chunk, number) -> {
          try {
            List<List<Message>> paths = Requests.items(Requests.parse(signal, chunk));
            assertThat(paths).hasSize(number);
            assertThat(chunk.length <= maxBytes || number == 1).isTrue();
            paths.forEach(path -> items.add(path.getLast()));
          } catch (com.google.protobuf.InvalidProtocolBufferException e) {
            throw new AssertionError(e);
          }
        });

    assertThat(items)
        .isEqualTo(
            Requests.items(Requests.parse(signal, bytes)).stream().map(List::getLast).toList());
  }

  @Property(tries = 300)
  void edits_changeItemsAndNothingElse(@ForAll long seed, @ForAll Signal signal) throws Exception {
    RandomOtlp random = RandomOtlp.any(seed);
    byte[] bytes = random.encode(random.message(signal));
    Message request = Requests.parse(signal, bytes);
    Plan plan = new Plan(request, seed);
    Slicer slicer = new Slicer(signal);
    Slicer.Route route = plan.route();

    slicer.slice(
        bytes,
        DESTINATIONS,
        at -> {
          int destination = route.destination(at);
          if (destination == 0) {
            slicer.item().set("service.name".getBytes(UTF_8), "hashed".getBytes(UTF_8));
            slicer.item().remove("a".getBytes(UTF_8));
          }
          return destination;
        });

    Message expected =
        Requests.filter(
            request,
            item -> plan.destination(item) == 0,
            item ->
                Requests.withAttribute(
                    Requests.withAttribute(item, "service.name", "hashed"), "a", null));
    assertThat(slicer.isEmpty(0)).isEqualTo(expected == null);
    if (expected != null) {
      assertThat(Requests.parse(signal, slicer.bytes(0))).isEqualTo(expected);
    }
  }

  @Property(tries = 300)
  void edits_changeResources(@ForAll long seed, @ForAll Signal signal) throws Exception {
    RandomOtlp random = RandomOtlp.any(seed);
    byte[] bytes = random.encode(random.message(signal));
    Slicer slicer = new Slicer(signal);

    slicer.slice(
        bytes,
        1,
        _ -> {
          slicer.resource().set("service.name".getBytes(UTF_8), "hashed".getBytes(UTF_8));
          return 0;
        });

    List<List<Message>> before = Requests.items(Requests.parse(signal, bytes));
    List<List<Message>> after = Requests.items(Requests.parse(signal, slicer.bytes(0)));
    assertThat(after).hasSameSizeAs(before);
    for (int i = 0; i < before.size(); i++) {
      Message resource = resourceOf(before.get(i).get(1));
      assertThat(resourceOf(after.get(i).get(1)))
          .isEqualTo(Requests.withAttribute(resource, "service.name", "hashed"));
      assertThat(after.get(i).getLast()).isEqualTo(before.get(i).getLast());
    }
  }

  @Test
  void slice_ofAnUnchangedRequest_givesTheVeryArray() {
    RandomOtlp random = RandomOtlp.valid(3);
    byte[] bytes = random.encode(random.message(Signal.TRACES));
    Slicer clean = new Slicer(Signal.TRACES);
    clean.slice(bytes, 1, _ -> 0);
    byte[] withoutEmptyContainers = clean.bytes(0);
    Slicer slicer = new Slicer(Signal.TRACES);

    slicer.slice(withoutEmptyContainers, 4, _ -> 2);

    assertThat(slicer.bytes(2)).isSameAs(withoutEmptyContainers);
    assertThat(slicer.isEmpty(0)).isTrue();
  }

  @Test
  void appendToItem_addsAField() throws Exception {
    RandomOtlp random = RandomOtlp.valid(11);
    byte[] bytes = random.encode(random.message(Signal.LOGS));
    Slicer slicer = new Slicer(Signal.LOGS);
    byte[] eventName = {12 << 3 | 2, 1, 'e'};

    slicer.slice(
        bytes,
        1,
        _ -> {
          slicer.appendToItem(eventName);
          return 0;
        });

    OtlpCursor cursor = new OtlpCursor(Signal.LOGS);
    cursor.reset(slicer.bytes(0));
    int items = 0;
    while (cursor.next()) {
      assertThat(cursor.logRecord().eventName()).hasToString("e");
      items++;
    }
    assertThat(items)
        .isEqualTo(Requests.items(Requests.parse(Signal.LOGS, bytes)).size())
        .isPositive();
  }

  private static Message resourceOf(Message container) {
    return (Message)
        container.getField(container.getDescriptorForType().findFieldByName("resource"));
  }

  /** Destinations by position, known for the generated classes' items too. */
  private static final class Plan {
    private final List<Integer> byPosition = new ArrayList<>();
    private final IdentityHashMap<Message, Integer> byItem = new IdentityHashMap<>();
    private final Map<Integer, Integer> counts = new HashMap<>();

    Plan(Message request, long seed) {
      Random random = new Random(seed);
      for (List<Message> path : Requests.items(request)) {
        int destination = random.nextInt(DESTINATIONS + 1) - 1;
        byPosition.add(destination);
        byItem.put(path.getLast(), destination);
        counts.merge(destination, 1, Integer::sum);
      }
    }

    Slicer.Route route() {
      int[] position = {0};
      return _ -> byPosition.get(position[0]++);
    }

    int destination(Message item) {
      return byItem.get(item);
    }

    int count(int destination) {
      return counts.getOrDefault(destination, 0);
    }
  }
}
