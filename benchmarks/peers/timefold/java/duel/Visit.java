package duel;

/** An enterprise (and party) on a day. Equal only to itself, which makes it a fast key. */
public final class Visit {
    private final int price;
    private final int most;

    public Visit(int price, int most) {
        this.price = price;
        this.most = most;
    }

    public int price() {
        return price;
    }

    /** Most departments that may come. */
    public int most() {
        return most;
    }

    public int over(int departments) {
        return Math.max(0, departments - most);
    }
}
