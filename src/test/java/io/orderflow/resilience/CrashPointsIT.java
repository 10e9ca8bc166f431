package io.orderflow.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.orderflow.resilience.CrashPoint.Moment;
import io.orderflow.resilience.CrashPoint.Scene;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The app is killed before and after each of its outside calls. Several points are tried with one kill, each on an
 * order of its own: the sandbox holds their calls, and when all are held the app is stopped, looked at and killed.
 */
class CrashPointsIT {

    private static final double TIME_SCALE = 0.1;
    private static final int AT_ONCE = 8;
    private static final int TRIES = 4;
    private static final Duration UNTIL_HELD = Duration.ofSeconds(8);

    private static final Logger LOG = Logger.getLogger(CrashPointsIT.class);

    private static Stage stage;
    private static ExecutorService callers;

    private final List<Purchase> purchases = new ArrayList<>();
    private final Queue<Future<?>> acts = new ConcurrentLinkedQueue<>();

    /** One kill to be survived. */
    private static final class Trial {
        final CrashPoint point;
        final Moment moment;
        Purchase purchase;
        String fault;
        int tries;

        /** After how many more starts of the app its call goes on; one that all orders share, before the next start. */
        int lateBy;

        Trial(CrashPoint point, Moment moment) {
            this.point = point;
            this.moment = moment;
        }

        boolean isAtStart() {
            return point.scene == Scene.START;
        }

        @Override
        public String toString() {
            return point + ", "
                    + moment.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
        }
    }

    @BeforeAll
    static void open() {
        // No call gives up before all points of one kill are held at once.
        stage = Stage.open(
                TIME_SCALE,
                Map.of(
                        "orderflow.cloudwatch.period", "1s",
                        "orderflow.delivery.lease", "150s",
                        "orderflow.delivery.call-timeout", "100s",
                        "quarkus.dynamodb.api-call-attempt-timeout", "20S",
                        "quarkus.dynamodb.api-call-timeout", "30S",
                        "orderflow.delivery.queue-timeout", "20s",
                        "orderflow.delivery.sns-timeout", "20s",
                        "orderflow.delivery.http-timeout", "20s",
                        "camel.component.http.response-timeout", "20000",
                        "camel.component.stripe.read-timeout", "20000"));
        callers = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterAll
    static void close() {
        callers.shutdownNow();
        stage.close();
    }

    @Test
    void shouldDoEverythingOnceWhateverTheCallItIsKilledAt() throws Exception {
        // Given
        var lines = new ArrayList<String>();
        stage.app.start();
        var trials = prepared();
        var late = new ArrayList<Trial>();
        var kills = 0;

        // When
        while (!trials.isEmpty()) {
            var wave = next(trials);
            var held = strike(wave, late);
            kills++;
            for (var trial : wave) {
                trial.tries++;
                if (held.contains(trial)) {
                    lines.add("kill %3d  %s".formatted(kills, trial));
                    LOG.info(lines.getLast());
                    if (trial.moment == Moment.BEFORE_AND_DONE_LATE) {
                        late.add(trial);
                        trial.lateBy = trial.point.isShared() ? 0 : 1 + kills % 2;
                    } else {
                        stage.sandbox.dropHeld(trial.fault);
                    }
                } else {
                    stage.sandbox.endFault(trial.fault);
                    LOG.infof("kill %3d  not reached: %s", kills, trial);
                    assertThat(trial.tries).as("tries to hold: " + trial).isLessThan(TRIES);
                    renew(trial);
                    trials.addLast(trial);
                }
            }
        }
        start(List.of(), late);
        letGoOn(late);
        for (var act : acts) {
            act.get(2, TimeUnit.MINUTES);
        }

        // Then
        var verdict = stage.judge.judge(purchases, Duration.ofMinutes(2));
        lines.sort(null);
        lines.add(lines.size() + " points struck by " + kills + " kills");
        lines.add(verdict.toString());
        Stage.report("crash-points", lines);
    }

    /** Every point at each of its moments, each with an order to try it on. */
    private Deque<Trial> prepared() throws Exception {
        var trials = Stream.of(CrashPoint.values())
                .flatMap(point -> Stream.of(Moment.values())
                        .filter(moment -> point.isWrite() || moment != Moment.BEFORE_AND_DONE_LATE)
                        .map(moment -> new Trial(point, moment)))
                .toList();
        var ready = new ArrayList<Future<?>>();
        trials.forEach(trial -> {
            trial.purchase = stage.shop.purchase();
            purchases.add(trial.purchase);
        });
        // A few at a time: there is much to do for each.
        for (int from = 0; from < trials.size(); from += AT_ONCE) {
            var some = trials.subList(from, Math.min(trials.size(), from + AT_ONCE));
            some.forEach(trial -> ready.add(callers.submit(() -> bring(trial))));
            for (var one : ready) {
                one.get(1, TimeUnit.MINUTES);
            }
        }
        var placed = purchases.stream().filter(purchase -> purchase.isAccepted).toList();
        stage.judge.judge(placed, Duration.ofMinutes(1));
        return new ArrayDeque<>(trials);
    }

    /** Brings a trial's order to where its scene begins. */
    private static void bring(Trial trial) {
        switch (trial.point.scene.from) {
            case NEW -> {}
            case UNPAID -> stage.shop.place(trial.purchase);
            case PAID -> {
                stage.shop.place(trial.purchase);
                stage.shop.pay(trial.purchase, "pm_card_visa");
                stage.shop.awaitPaid(trial.purchase);
            }
        }
    }

    /** Another order for a trial whose point was not met: the first one went past it. */
    private void renew(Trial trial) {
        trial.purchase = stage.shop.purchase();
        purchases.add(trial.purchase);
    }

    /** The trials of the next kill: some that do not stand in each other's way, the hardest to come by first. */
    private static List<Trial> next(Deque<Trial> trials) {
        var wave = new ArrayList<Trial>();
        var candidates = trials.stream()
                .sorted(Comparator.comparing(trial -> trial.point.isOfSheet() ? 0 : trial.point.isShared() ? 1 : 2))
                .toList();
        for (var trial : candidates) {
            if (wave.size() < AT_ONCE && wave.stream().noneMatch(other -> areInTheWay(trial, other))) {
                wave.add(trial);
                trials.remove(trial);
            }
        }
        return wave;
    }

    private static boolean areInTheWay(Trial one, Trial other) {
        return one.point == other.point
                || one.point.isOfSheet() && other.point.isOfSheet()
                || isOfQueue(one) && isOfQueue(other);
    }

    private static boolean isOfQueue(Trial trial) {
        return trial.point.isShared() && !trial.point.isOfSheet();
    }

    /** Starts the app if need be, has it come to all points of the wave, and kills it there. */
    private Collection<Trial> strike(List<Trial> wave, List<Trial> late) {
        var anew = wave.stream().filter(trial -> trial.tries > 0).toList();
        if (!anew.isEmpty()) {
            start(List.of(), late);
            anew.forEach(CrashPointsIT::bring);
            var placed = anew.stream()
                    .map(trial -> trial.purchase)
                    .filter(purchase -> purchase.isAccepted)
                    .toList();
            stage.judge.awaitQuiet(placed, Duration.ofSeconds(5));
        }
        start(wave.stream().filter(Trial::isAtStart).toList(), late);
        lead(wave.stream().filter(trial -> !comesLast(trial)).toList());
        lead(wave.stream()
                .filter(trial -> comesLast(trial) && !trial.isAtStart())
                .toList());
        awaitHeld(wave);
        stage.app.freeze();
        var held = held(wave);
        stage.app.kill();
        return held;
    }

    /** Whether its call is made again and again, or gives up soon. */
    private static boolean comesLast(Trial trial) {
        return trial.point.isShared() || trial.point.isOfSheet();
    }

    /** Starts the app, if it does not run, with these points held from its first moment. */
    private void start(List<Trial> atStart, List<Trial> late) {
        if (!atStart.isEmpty() && stage.app.isAlive()) {
            stage.app.kill();
        }
        if (!stage.app.isAlive()) {
            letGoOn(late.stream().filter(trial -> trial.lateBy == 0).toList());
            late.removeIf(trial -> trial.lateBy-- == 0);
            atStart.forEach(CrashPointsIT::arm);
            stage.app.start();
        }
        atStart.forEach(trial -> acts.add(callers.submit(() -> act(trial))));
    }

    private static void letGoOn(List<Trial> late) {
        late.forEach(trial -> stage.sandbox.endFault(trial.fault));
    }

    /** Has the app come to these points, and waits there. */
    private void lead(List<Trial> trials) {
        trials.forEach(CrashPointsIT::arm);
        trials.forEach(trial -> acts.add(callers.submit(() -> act(trial))));
        awaitHeld(trials);
    }

    private static void awaitHeld(List<Trial> trials) {
        var end = Instant.now().plus(UNTIL_HELD);
        while (held(trials).size() < trials.size() && Instant.now().isBefore(end)) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static void arm(Trial trial) {
        trial.fault = stage.sandbox.fault(trial.point.rule(trial.moment, trial.purchase));
    }

    private static List<Trial> held(List<Trial> wave) {
        var faults = stage.sandbox.faults();
        return wave.stream()
                .filter(trial -> faults.path(trial.fault).path("held").asInt() > 0)
                .toList();
    }

    private static void act(Trial trial) {
        var shop = stage.shop;
        var purchase = trial.purchase;
        switch (trial.point.scene) {
            case PLACE, REPEAT -> shop.place(purchase);
            case PAY -> shop.pay(purchase, "pm_card_visa");
            case CONFIRM -> {
                stage.sandbox.fault(
                        Map.of("service", "stripe", "kind", "webhook-lost", "matching", purchase.id, "times", 10));
                shop.pay(purchase, "pm_card_visa");
                shop.confirm(purchase);
            }
            case UNHEARD -> {
                stage.sandbox.fault(
                        Map.of("service", "stripe", "kind", "webhook-lost", "matching", purchase.id, "times", 10));
                shop.pay(purchase, "pm_card_visa");
            }
            case SHIP, START -> shop.ship(purchase);
            case BURY -> {
                purchase.mayBury = true;
                stage.sandbox.fault(
                        Map.of("service", "sendgrid", "kind", "status", "status", 400, "matching", purchase.id));
                shop.ship(purchase);
            }
            case CANCEL, CANCEL_PAID -> shop.cancel(purchase);
            case REFUND -> shop.refund(purchase, "refund-" + purchase.key, 1000);
        }
    }
}
