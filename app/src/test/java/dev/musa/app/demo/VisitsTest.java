package dev.musa.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class VisitsTest {
  private static final int MANY = 4_000;
  private static final AttributeKey<String> PATH = AttributeKey.stringKey("url.path");

  private final List<Call> visits = play();

  @Test
  void visits_stayClearOfTheSlowLimit() {
    assertThat(visits).noneMatch(visit -> visit.millis() > 400 && visit.millis() < 600);
  }

  @Test
  void oneVisitInTwentyFailsAndOneInTwentyIsSlow() {
    List<Call> real = visits.stream().filter(visit -> !Visits.isProbe(visit)).toList();

    assertThat(share(real, Call::anyFailed)).isBetween(0.03, 0.07);
    assertThat(share(real, visit -> visit.millis() > 500)).isBetween(0.03, 0.07);
    assertThat(share(visits, Visits::isProbe)).isBetween(0.17, 0.23);
  }

  @Test
  void probes_areOneSpanOnAHealthPath() {
    assertThat(visits.stream().filter(Visits::isProbe))
        .allMatch(probe -> probe.spans() == 1)
        .extracting(probe -> probe.attributes().get(PATH))
        .containsOnly("/livez", "/readyz", "/metrics");
  }

  @Test
  void failedVisits_failUpToTheirRoot() {
    assertThat(visits.stream().filter(Call::anyFailed)).isNotEmpty().allMatch(Call::failed);
  }

  @Test
  void together_theyTouchEveryServiceInThreeNamespacesOnTwoNodes() {
    Set<Pod> pods = new HashSet<>();
    visits.forEach(visit -> collect(visit, pods));

    assertThat(pods).extracting(Pod::service).contains(Service.values());
    assertThat(pods.stream().map(pod -> pod.service().namespace).collect(Collectors.toSet()))
        .hasSize(3);
    assertThat(pods.stream().map(Pod::node).collect(Collectors.toSet())).hasSize(2);
  }

  @Test
  void calledServices_staySeparateSpansOfOtherPods() {
    Call buy =
        visits.stream().filter(visit -> visit.name().equals("POST /checkout")).findFirst().get();

    assertThat(buy.spans()).isEqualTo(9);
    Set<Pod> pods = new HashSet<>();
    collect(buy, pods);
    assertThat(pods)
        .extracting(Pod::service)
        .containsExactlyInAnyOrder(
            Service.FRONTEND, Service.CHECKOUT, Service.STOCK, Service.PAYMENT);
  }

  private static List<Call> play() {
    Visits visits = new Visits(Pod.all(), new Random(7));
    List<Call> played = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      played.add(visits.next());
    }
    return played;
  }

  private static void collect(Call call, Set<Pod> pods) {
    pods.add(call.pod());
    call.calls().forEach(called -> collect(called, pods));
  }

  private static double share(List<Call> of, java.util.function.Predicate<Call> which) {
    return (double) of.stream().filter(which).count() / of.size();
  }
}
