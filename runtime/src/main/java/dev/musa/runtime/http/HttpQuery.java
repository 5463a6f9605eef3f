package dev.musa.runtime.http;

import java.util.Map;

/**
 * A GET as a route sees it.
 *
 * @param accept the Accept header, or empty
 * @param parameters of the query; the last of equal names
 */
public record HttpQuery(String path, String accept, Map<String, String> parameters) {}
