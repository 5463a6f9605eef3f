package dev.musa.processors.sampling;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values that many entries share, numbered so that an entry holds two bytes; counted by use. */
final class Interned<T> {
  private static final int CAPACITY = 1 << Character.SIZE;

  private final List<T> values = new ArrayList<>();
  private final Map<T, Integer> numbers = new HashMap<>();
  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private int[] uses = new int[16];

  /** The number of this value, with one use more. */
  char use(T value) {
    Integer known = numbers.get(value);
    int number = known != null ? known : add(value);
    uses[number]++;
    return (char) number;
  }

  T get(char number) {
    return values.get(number);
  }

  /** One use less; without uses the number may be given to another value. */
  void release(char number) {
    if (--uses[number] == 0) {
      numbers.remove(values.get(number));
      free.push((int) number);
    }
  }

  private int add(T value) {
    Integer number = free.poll();
    if (number == null) {
      number = values.size();
      if (number == CAPACITY) {
        throw new IllegalStateException(
            "different rule-set outcomes in use: more than " + CAPACITY + " (expected: fewer)");
      }
      if (number == uses.length) {
        uses = Arrays.copyOf(uses, uses.length * 2);
      }
      values.add(value);
    } else {
      values.set(number, value);
    }
    numbers.put(value, number);
    return number;
  }
}
