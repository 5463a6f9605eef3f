package dev.musa.sinks.backend;

/** What goes into {@code X-Scope-OrgID}: nothing, one fixed value, or each record's tenant. */
public record OrgId(String pattern) {

  /** The header's name; HTTP and gRPC treat it alike. */
  public static final String HEADER = "x-scope-orgid";

  private static final String TENANT = "{tenant}";

  /** The header's value, empty for no header. */
  public String of(String tenant) {
    return pattern.equals(TENANT) ? tenant : pattern.replace(TENANT, tenant);
  }
}
