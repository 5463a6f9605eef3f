package dev.musa.processors.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Adds up the objects that the tables hold, as a JVM with compressed pointers lays them out. */
class SamplerMemoryTest {

  @Test
  void aWaitingSpanTakesAtMostTwentyBytes_fromFourSpansPerTraceOn() throws Exception {
    for (int traces : new int[] {20_000, 98_305, 100_000, 196_609, 300_000}) {
      TraceHash hash = new TraceHash(new SplittableRandom(1));
      WaitingTraces waiting = new WaitingTraces(hash);
      SplittableRandom ids = new SplittableRandom(2);
      for (int i = 0; i < traces; i++) {
        long high = ids.nextLong();
        long low = ids.nextLong();
        hash.of(high, low);
        waiting.add(high, low, i, i, (char) 0);
      }
      double bytesPerSpan = (double) sizeOf(waiting) / traces / 4;
      System.out.printf("%d waiting traces: %.1f bytes per trace%n", traces, bytesPerSpan * 4);
      assertThat(bytesPerSpan).isLessThan(20);
    }
  }

  @Test
  void aRememberedTraceTakesAtMostTwelveBytes() throws Exception {
    for (int traces : new int[] {150_000, 500_000, 1_000_000}) {
      TraceHash hash = new TraceHash(new SplittableRandom(1));
      RememberedTraces remembered = new RememberedTraces(600_000);
      SplittableRandom ids = new SplittableRandom(2);
      Outcome outcome = new Outcome(Verdict.KEPT, null, "v1");
      for (int i = 0; i < traces; i++) {
        long high = ids.nextLong();
        long low = ids.nextLong();
        hash.of(high, low);
        remembered.put(hash, high, low, outcome, i);
      }
      double bytes = (double) sizeOf(remembered) / remembered.size();
      remembered.forgetBefore(traces / 3);
      double afterForgetting = (double) sizeOf(remembered) / remembered.size();
      System.out.printf(
          "%d remembered traces: %.2f bytes each, %.2f after forgetting some%n",
          traces, bytes, afterForgetting);
      assertThat(bytes).isLessThan(12);
      assertThat(afterForgetting).isLessThan(12);
    }
  }

  private static long sizeOf(Object root) throws IllegalAccessException {
    IdentityHashMap<Object, Boolean> seen = new IdentityHashMap<>();
    ArrayDeque<Object> open = new ArrayDeque<>();
    open.add(root);
    seen.put(root, true);
    long bytes = 0;
    while (!open.isEmpty()) {
      Object object = open.remove();
      Class<?> type = object.getClass();
      if (type.isArray()) {
        Class<?> component = type.getComponentType();
        long content = Array.getLength(object) * (long) width(component);
        bytes += aligned(16 + content);
        if (!component.isPrimitive()) {
          for (Object element : (Object[]) object) {
            follow(element, seen, open);
          }
        }
        continue;
      }
      long fields = 12;
      for (Class<?> c = type; c != null; c = c.getSuperclass()) {
        for (Field field : c.getDeclaredFields()) {
          if (Modifier.isStatic(field.getModifiers())) {
            continue;
          }
          fields += width(field.getType());
          if (!field.getType().isPrimitive() && c.getName().startsWith("dev.musa")) {
            field.setAccessible(true);
            follow(field.get(object), seen, open);
          }
        }
      }
      bytes += aligned(fields);
    }
    return bytes;
  }

  private static void follow(
      Object object, IdentityHashMap<Object, Boolean> seen, ArrayDeque<Object> open) {
    if (object != null && seen.put(object, true) == null) {
      open.add(object);
    }
  }

  private static int width(Class<?> type) {
    return switch (type.getName()) {
      case "long", "double" -> 8;
      case "char", "short" -> 2;
      case "byte", "boolean" -> 1;
      default -> 4;
    };
  }

  private static long aligned(long bytes) {
    return (bytes + 7) / 8 * 8;
  }
}
