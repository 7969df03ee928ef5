#include "Render.h"

#include <algorithm>
#include <cmath>

namespace rblnc::cli::diff {
namespace {

/// By how much the time changed, as a share of what it was.
double change(const Row &row) {
  if (!row.before || !row.after)
    return HUGE_VAL;
  double before = (*row.before)[time], after = (*row.after)[time];
  return before > 0 ? std::abs(after / before - 1) : after > 0 ? HUGE_VAL : 0;
}

void sortRows(std::vector<Row> &rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) {
    if (a.tripped.empty() != b.tripped.empty())
      return b.tripped.empty();
    return change(a) > change(b);
  });
}

std::vector<Row> compareLines(const Measure &before, const Measure &after) {
  std::map<std::string, Row> rows;
  for (const auto &[line, values] : before.lines)
    rows[line].before = &values;
  for (const auto &[line, values] : after.lines)
    rows[line].after = &values;
  std::vector<Row> changed;
  for (auto &[line, row] : rows) {
    row.name = line;
    row.isChanged = !row.before || !row.after || *row.before != *row.after;
    if (row.isChanged)
      changed.push_back(std::move(row));
  }
  sortRows(changed);
  return changed;
}

} // namespace

std::vector<Row> compareSides(const Side &before, const Side &after, const std::vector<Gate> &gates, bool byLine) {
  std::map<std::string, std::pair<const Measure *, const Measure *>> pairs;
  for (const auto &[name, measure] : before)
    pairs[name].first = &measure;
  for (const auto &[name, measure] : after)
    pairs[name].second = &measure;
  std::vector<Row> rows;
  for (const auto &[name, pair] : pairs) {
    auto [old, now] = pair;
    Row &row = rows.emplace_back();
    row.name = name;
    row.before = old && old->fault.empty() ? &old->values : nullptr;
    row.after = now && now->fault.empty() ? &now->values : nullptr;
    row.fault = now && !now->fault.empty() ? now->fault : old && !old->fault.empty() ? old->fault : "";
    row.isChanged = !row.before || !row.after || *row.before != *row.after;
    for (const Gate &gate : gates)
      if (row.before && ((row.after && gate.trips((*row.before)[gate.metric], (*row.after)[gate.metric])) ||
                         (now && !now->fault.empty())))
        row.tripped.push_back(&gate);
    if (byLine && row.before && row.after)
      row.lines = compareLines(*old, *now);
  }
  sortRows(rows);
  return rows;
}

bool isAnyTripped(const std::vector<Row> &rows) {
  return std::any_of(rows.begin(), rows.end(), [](const Row &row) { return !row.tripped.empty(); });
}

} // namespace rblnc::cli::diff
