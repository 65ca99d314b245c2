package kaspeer.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Conditionals, against the list of branches that consensus reference 6.8.1 speaks of. */
class ConditionsTest {
  enum Step {
    IF_TRUE,
    IF_FALSE,
    ELSE,
    ENDIF
  }

  private enum Branch {
    TRUE,
    FALSE,
    SKIP
  }

  @Property
  void countersDoWhatTheListDoes(@ForAll List<Step> steps) throws ScriptException {
    Conditions conditions = new Conditions();
    List<Branch> list = new ArrayList<>();
    for (Step step : steps) {
      switch (step) {
        case IF_TRUE -> open(conditions, list, true);
        case IF_FALSE -> open(conditions, list, false);
        case ELSE -> {
          if (!list.isEmpty()) {
            conditions.change();
            list.set(list.size() - 1, opposite(list.getLast()));
          }
        }
        case ENDIF -> {
          if (!list.isEmpty()) {
            conditions.leave();
            list.removeLast();
          }
        }
      }
      assertThat(conditions.executing()).isEqualTo(executing(list));
      assertThat(conditions.balanced()).isEqualTo(list.isEmpty());
    }
  }

  @Test
  void outsideAnyConditionalThereIsNothingToChangeOrLeave() {
    assertThatThrownBy(() -> new Conditions().change()).isInstanceOf(ScriptException.class);
    assertThatThrownBy(() -> new Conditions().leave()).isInstanceOf(ScriptException.class);
  }

  private static void open(Conditions conditions, List<Branch> list, boolean condition) {
    if (executing(list)) {
      conditions.enter(condition);
      list.add(condition ? Branch.TRUE : Branch.FALSE);
    } else {
      conditions.skip();
      list.add(Branch.SKIP);
    }
  }

  private static boolean executing(List<Branch> list) {
    return list.isEmpty() || list.getLast() == Branch.TRUE;
  }

  private static Branch opposite(Branch branch) {
    return switch (branch) {
      case TRUE -> Branch.FALSE;
      case FALSE -> Branch.TRUE;
      case SKIP -> Branch.SKIP;
    };
  }
}
