package duel;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Requests that have something in common, by their places in the plan's list: the solver works on
 * copies of the requests, so a circle must not hold the requests themselves.
 */
public final class Circle {
    private int[] places = new int[4];
    private int size;

    void add(int place) {
        if (size == places.length) {
            places = Arrays.copyOf(places, 2 * size);
        }
        places[size++] = place;
    }

    public int size() {
        return size;
    }

    Request get(int number, List<Request> requests) {
        return requests.get(places[number]);
    }

    /** Any of them, out of the list that the solver works on. */
    Request any(List<Request> requests, Random random) {
        return requests.get(places[random.nextInt(size)]);
    }
}
