package duel;

import java.util.Comparator;

/** Statutory ones first, then long ones, then those with few days. */
public class Difficulty implements Comparator<Request> {
    private static final Comparator<Request> ORDER =
            Comparator.comparing(Request::must)
                    .thenComparing(Request::pinned)
                    .thenComparingInt(Request::most)
                    .thenComparingInt(request -> -request.getDays().size());

    @Override
    public int compare(Request left, Request right) {
        return ORDER.compare(left, right);
    }
}
