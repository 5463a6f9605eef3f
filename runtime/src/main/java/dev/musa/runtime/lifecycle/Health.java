package dev.musa.runtime.lifecycle;

/** Whether something can do its work now, and what hinders it if not. */
public record Health(boolean ready, String detail) {

  private static final Health OK = new Health(true, "ok");

  public static Health ok() {
    return OK;
  }

  public static Health ok(String detail) {
    return new Health(true, detail);
  }

  public static Health notReady(String detail) {
    return new Health(false, detail);
  }
}
