package dev.musa.sinks.testing;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Answers that a stub gives once each, in order, before it behaves normally again. */
final class ScriptedAnswers<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<T> answers = new ArrayDeque<>();

  void add(T answer, int times) {
    lock.lock();
    try {
      for (int i = 0; i < times; i++) {
        answers.add(answer);
      }
    } finally {
      lock.unlock();
    }
  }

  Optional<T> next() {
    lock.lock();
    try {
      return Optional.ofNullable(answers.poll());
    } finally {
      lock.unlock();
    }
  }
}
