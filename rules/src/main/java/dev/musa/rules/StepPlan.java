package dev.musa.rules;

import dev.musa.rules.condition.Checked;
import dev.musa.rules.condition.Compiler;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A checked step, from which an instance per thread is compiled. */
sealed interface StepPlan {
  String name();

  Step compile(Compiler compiler);

  static Condition when(@Nullable Checked when, Compiler compiler) {
    return when == null ? Condition.ALWAYS : compiler.condition(when);
  }

  record DropPlan(String name, @Nullable Checked when) implements StepPlan {
    @Override
    public Step compile(Compiler compiler) {
      return new Drop(name, StepPlan.when(when, compiler));
    }
  }

  record KeepPlan(String name, @Nullable Checked when, Checked keep) implements StepPlan {
    @Override
    public Step compile(Compiler compiler) {
      return new Keep(name, StepPlan.when(when, compiler), compiler.condition(keep));
    }
  }

  record HashPlan(String name, @Nullable Checked when, List<AttributePath> paths, HashKey key)
      implements StepPlan {
    @Override
    public Step compile(Compiler compiler) {
      return new Hash(name, StepPlan.when(when, compiler), paths, new Hasher(key));
    }
  }

  record JoinPlan(
      String name,
      @Nullable Checked when,
      AttributePath pod,
      AttributePath namespace,
      @Nullable AttributePath container,
      List<AttributePath> attributes)
      implements StepPlan {
    @Override
    public Step compile(Compiler compiler) {
      return new Join(name, StepPlan.when(when, compiler), pod, namespace, container, attributes);
    }
  }

  record LimitPlan(
      String name,
      @Nullable Checked when,
      List<Checked> by,
      long items,
      Duration per,
      long burst,
      @Nullable Checked exempt)
      implements StepPlan {
    @Override
    public Step compile(Compiler compiler) {
      return new Limit(
          name,
          StepPlan.when(when, compiler),
          compiler.key(by),
          items,
          per,
          burst,
          exempt == null ? Condition.NEVER : compiler.condition(exempt));
    }
  }

  record SamplePlan(String name, Duration after, List<PolicyPlan> policies) implements StepPlan {
    @Override
    public Step compile(Compiler compiler) {
      return new Sample(
          name, after, policies.stream().map(policy -> policy.compile(compiler)).toList());
    }
  }

  record PolicyPlan(
      String name,
      Policy.Verdict verdict,
      @Nullable Checked anySpan,
      @Nullable Duration longerThan,
      double probability) {
    Policy compile(Compiler compiler) {
      return new Policy(
          name,
          verdict,
          anySpan == null ? null : compiler.condition(anySpan),
          longerThan,
          probability);
    }
  }
}
