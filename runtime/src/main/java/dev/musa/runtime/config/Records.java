package dev.musa.runtime.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/** Reflection on records; what fails here is a mistake in the program, not in a file. */
final class Records {

  private Records() {}

  static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  static @Nullable Object get(Record record, RecordComponent component) {
    Method accessor = component.getAccessor();
    return invoke(accessor, record);
  }

  /** The result of a static method {@code defaults()} of the record, or null if it has none. */
  static <T extends Record> @Nullable T defaultsOf(Class<T> type) {
    try {
      Method defaults = type.getDeclaredMethod("defaults");
      boolean fits = Modifier.isStatic(defaults.getModifiers()) && defaults.getReturnType() == type;
      return fits ? type.cast(invoke(defaults, null)) : null;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  /**
   * @throws IllegalArgumentException as the record's constructor throws it
   */
  static <T extends Record> T create(Class<T> type, @Nullable Object[] values) {
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
    }
    try {
      Constructor<T> canonical = type.getDeclaredConstructor(types);
      canonical.setAccessible(true);
      return canonical.newInstance(values);
    } catch (InvocationTargetException e) {
      throw unwrapped(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be created", e);
    }
  }

  private static @Nullable Object invoke(Method method, @Nullable Object target) {
    try {
      method.setAccessible(true);
      return method.invoke(target);
    } catch (InvocationTargetException e) {
      throw unwrapped(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(method + " is not accessible", e);
    }
  }

  private static RuntimeException unwrapped(InvocationTargetException e) {
    return e.getCause() instanceof RuntimeException cause
        ? cause
        : new IllegalStateException(e.getCause());
  }
}
