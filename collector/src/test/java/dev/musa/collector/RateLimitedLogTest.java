package dev.musa.collector;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RateLimitedLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger("rate-limited");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final AtomicLong nanos = new AtomicLong();
  private final RateLimitedLog log = new RateLimitedLog(logger, nanos::get);

  @BeforeEach
  void capture() {
    logger.setAdditive(false);
    logger.setLevel(Level.INFO);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void release() {
    logger.detachAppender(lines);
  }

  private void log(String problem) {
    log.log(org.slf4j.event.Level.WARN, problem, "musa.logs.raw", new RuntimeException("why"));
  }

  @Test
  void sameProblem_isLoggedOnceInTenSeconds_withHowOftenItCame() {
    for (int i = 0; i < 5; i++) {
      log("down");
    }
    log("other");
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    log("down");

    assertThat(lines.list)
        .extracting(ILoggingEvent::getMessage)
        .containsExactly("down", "other", "down");
    assertThat(lines.list.getLast().getKeyValuePairs())
        .extracting(pair -> pair.key + "=" + pair.value)
        .containsExactly(
            "topic=musa.logs.raw", "cause=java.lang.RuntimeException: why", "suppressed=4");
    assertThat(lines.list).allMatch(line -> line.getThrowableProxy() == null);
  }
}
