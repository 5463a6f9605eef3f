package dev.musa.rules;

/** Of the items to which {@code when} applies, keeps those that {@code keep} holds for. */
public record Keep(String name, Condition when, Condition keep) implements Step {}
