package duel;

import java.util.List;

/** What one day means for one request. */
public record Choice(Day day, int points, int units, Bin bin, Visit visit, List<Mark> marks) {}
