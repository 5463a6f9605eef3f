package dev.musa.benchmarks.kafka;

/** What is in a topic. */
public record TopicCount(long records, long items) {}
