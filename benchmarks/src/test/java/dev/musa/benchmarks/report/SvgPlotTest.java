package dev.musa.benchmarks.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Locale;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class SvgPlotTest {
  private static final List<Double> XS = List.of(1.0, 10.0, 100.0);

  @Test
  void plot_isXmlWithAllPoints() throws Exception {
    Document plot = parsed(drawn(List.of(4.0, 2.0, 3.0)));

    assertThat(plot.getElementsByTagName("circle").getLength()).isEqualTo(6);
    assertThat(plot.getElementsByTagName("polyline").getLength()).isEqualTo(2);
    assertThat(plot.getDocumentElement().getTextContent())
        .contains("CPU <s> & rules", "rules, logarithmic", "all", "collector");
  }

  @Test
  void verticalAxis_beginsAtZero() {
    assertThat(drawn(List.of(4.0, 2.0, 3.0)))
        // Five is the next round value above the highest, zero stands on the horizontal axis.
        .contains("y=\"344.0\" text-anchor=\"end\">0<", "y=\"54.0\" text-anchor=\"end\">5<");
  }

  @Test
  void zeroOnTheHorizontalAxis_standsADecadeBelowTheNext() {
    String plot =
        SvgPlot.draw(
            "t",
            "x",
            "y",
            List.of(0.0, 10.0, 100.0),
            List.of(new SvgPlot.Series("a", List.of(1.0, 1.0, 1.0))));

    assertThat(plot).contains("cx=\"80.0\"", "cx=\"330.0\"", "cx=\"580.0\"", "<title>0: 1</title>");
  }

  @Test
  void bothColourSchemes_areThere() {
    assertThat(drawn(List.of(1.0, 1.0, 1.0))).contains("@media (prefers-color-scheme: dark)");
  }

  @Test
  void numbers_haveDotsWhateverTheLocale() {
    Locale before = Locale.getDefault();
    try {
      String expected = drawn(List.of(1.5, 2.5, 3.5));
      Locale.setDefault(Locale.GERMANY);
      assertThat(drawn(List.of(1.5, 2.5, 3.5))).isEqualTo(expected);
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void missingValues_areRefused() {
    assertThatThrownBy(() -> drawn(List.of(1.0)))
        .hasMessage("collector has 1 values (expected: 3, one for each on the horizontal axis)");
  }

  private static String drawn(List<Double> values) {
    return SvgPlot.draw(
        "CPU <s> & rules",
        "rules, logarithmic",
        "seconds",
        XS,
        List.of(
            new SvgPlot.Series("all", List.of(5.0, 5.0, 5.0)),
            new SvgPlot.Series("collector", values)));
  }

  private static Document parsed(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(UTF_8)));
  }
}
