package io.orderflow.resilience;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/** Callers who place orders, pay, ship, refund and cancel, each as its own seeded random says, until they are told to end. */
final class Crowd implements AutoCloseable {

    private final Shop shop;
    private final Queue<Purchase> purchases = new ConcurrentLinkedQueue<>();
    private final List<Future<?>> callers = new ArrayList<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean isOver;

    /** @param pauseMillis between two orders of one caller, on average */
    Crowd(Shop shop, int size, long seed, int pauseMillis) {
        this.shop = shop;
        for (int caller = 0; caller < size; caller++) {
            var random = new Random(seed * 31 + caller);
            callers.add(threads.submit(() -> call(random, pauseMillis)));
        }
    }

    private void call(Random random, int pauseMillis) {
        while (!isOver) {
            var purchase = shop.purchase();
            purchases.add(purchase);
            shop.place(purchase);
            follow(purchase, random.nextInt(100), random);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextInt(2 * pauseMillis)));
        }
    }

    private void follow(Purchase purchase, int fate, Random random) {
        if (fate < 15) {
            return;
        }
        if (fate < 25) {
            shop.cancel(purchase);
            return;
        }
        if (fate < 40) {
            shop.pay(purchase, "pm_card_chargeDeclined");
            if (fate < 30) {
                return;
            }
        }
        shop.pay(purchase, "pm_card_visa");
        if (fate < 60) {
            return;
        }
        if (random.nextBoolean()) {
            shop.confirm(purchase);
        }
        shop.awaitPaid(purchase);
        if (fate < 75) {
            shop.ship(purchase);
        } else if (fate < 85) {
            shop.cancel(purchase);
        } else {
            shop.refund(purchase, "first", 100L * (1 + random.nextInt(20)));
            if (fate < 92) {
                shop.refund(purchase, "second", 300);
            } else if (fate < 96) {
                shop.cancel(purchase);
            }
        }
    }

    /** Has the callers end what they are at, and place no more. */
    Collection<Purchase> end() throws InterruptedException, ExecutionException, TimeoutException {
        isOver = true;
        for (var caller : callers) {
            caller.get(3, TimeUnit.MINUTES);
        }
        return purchases;
    }

    @Override
    public void close() {
        isOver = true;
        threads.shutdownNow();
    }
}
