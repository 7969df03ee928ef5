// Whether two footprints can have a byte in common: whether a sum of bounded whole numbers times strides can be zero.
#include "Footprint.h"

#include <algorithm>
#include <numeric>

namespace rblnc::bundle::prover {
namespace {

/// Is there a choice of 0 <= x_i <= n_i with base + sum(c_i * x_i) = 0?
class Equation {
public:
  /// Adds coefficient * x for x from first to last.
  void add(__int128 coefficient, __int128 first, __int128 last) {
    if (first > last)
      isUnsolvable = true;
    if (coefficient < 0) {
      coefficient = -coefficient;
      std::swap(first, last);
      first = -first;
      last = -last;
    }
    base += coefficient * first;
    if (coefficient == 0 || first == last)
      return;
    reach += coefficient * (last - first);
    variables.push_back({static_cast<int64_t>(coefficient), static_cast<int64_t>(last - first), 0, false});
  }
  void addConstant(int64_t value) { base += value; }

  /// False only when there is certainly no solution.
  bool maySolve(uint64_t &steps) {
    if (isUnsolvable)
      return false;
    if (base > 0 || base + reach < 0)
      return false;
    // Beyond 64 bits nothing is proven.
    if (reach > INT64_MAX / 2)
      return true;
    prepare();
    auto target = static_cast<int64_t>(-base);
    for (const Variable &variable : variables)
      if (++steps; leavesResidue(target, variable.coefficient))
        return false;
    int64_t budget = 4096;
    bool found = search(0, target, budget);
    steps += static_cast<uint64_t>(4096 - budget);
    return found;
  }

private:
  struct Variable {
    int64_t coefficient, most;
    int64_t rest; ///< the greatest sum of those behind it
    bool isDense; ///< it and those behind it reach every number up to their greatest sum
  };

  /// Great coefficients first, each of them once.
  void prepare() {
    std::sort(variables.begin(), variables.end(),
              [](const Variable &a, const Variable &b) { return a.coefficient > b.coefficient; });
    size_t kept = 0;
    for (size_t i = 0; i < variables.size(); ++i) {
      if (kept > 0 && variables[kept - 1].coefficient == variables[i].coefficient)
        variables[kept - 1].most += variables[i].most;
      else
        variables[kept++] = variables[i];
    }
    variables.resize(kept);
    int64_t rest = 0;
    bool isDense = true;
    for (size_t i = kept; i-- > 0;) {
      Variable &variable = variables[i];
      variable.rest = rest;
      variable.isDense = isDense = isDense && variable.coefficient <= rest + 1;
      rest += variable.coefficient * variable.most;
    }
  }

  /// Whether all that is not a multiple of the period together is too little for what the target leaves.
  bool leavesResidue(int64_t target, int64_t period) const {
    int64_t others = 0;
    for (const Variable &variable : variables)
      if (variable.coefficient % period != 0)
        others += variable.coefficient * variable.most;
    return target % period > others;
  }

  /// True when the budget is used up.
  bool search(size_t i, int64_t target, int64_t &budget) const {
    if (i == variables.size())
      return target == 0;
    const Variable &variable = variables[i];
    if (--budget <= 0)
      return true;
    if (target < 0 || target > variable.rest + variable.coefficient * variable.most)
      return false;
    if (variable.isDense)
      return true;
    int64_t over = target - variable.rest;
    int64_t first = over <= 0 ? 0 : (over - 1) / variable.coefficient + 1;
    int64_t last = std::min(variable.most, target / variable.coefficient);
    for (int64_t x = last; x >= first; --x)
      if (search(i + 1, target - x * variable.coefficient, budget))
        return true;
    return false;
  }

  llvm::SmallVector<Variable, 12> variables;
  __int128 base = 0, reach = 0;
  bool isUnsolvable = false;
};

void addForm(Equation &equation, const Form &form, int64_t element, int sign) {
  equation.addConstant(sign * form.base);
  for (Span span : form.spans)
    equation.add(sign * static_cast<__int128>(span.stride), 0, span.count - 1);
  equation.add(sign, 0, element - 1);
}

/// Registers have the same value in both.
bool mayMeetPlain(const Footprint &a, const Footprint &b, const Program &program, uint64_t &steps) {
  Equation equation;
  addForm(equation, a.plain, a.element, 1);
  addForm(equation, b.plain, b.element, -1);
  auto add = [&](uint32_t reg, __int128 scale) {
    const Register &entry = *program.registers()->Get(reg);
    equation.add(scale, entry.min(), entry.max());
  };
  for (Form::Term term : a.plain.terms) {
    const auto *same = std::find_if(b.plain.terms.begin(), b.plain.terms.end(),
                                    [&](Form::Term other) { return other.reg == term.reg; });
    add(term.reg, static_cast<__int128>(term.scale) - (same == b.plain.terms.end() ? 0 : same->scale));
  }
  for (Form::Term term : b.plain.terms)
    if (std::none_of(a.plain.terms.begin(), a.plain.terms.end(),
                     [&](Form::Term other) { return other.reg == term.reg; }))
      add(term.reg, -static_cast<__int128>(term.scale));
  return equation.maySolve(steps);
}

/// Rows of both that hang together with one register are apart by what lies between them.
bool mayMeetPlaced(const Footprint &a, const Footprint &b, uint64_t &steps) {
  Equation equation;
  addForm(equation, a.placed, a.element, 1);
  addForm(equation, b.placed, b.element, -1);
  std::vector<bool> isPaired(b.placed.rows.size());
  for (const Row &row : a.placed.rows) {
    size_t pair = 0;
    while (pair < isPaired.size() &&
           (isPaired[pair] || b.placed.rows[pair].stride != row.stride || b.placed.rows[pair].reg != row.reg))
      ++pair;
    if (pair == isPaired.size()) {
      equation.add(row.stride, row.first, row.last);
      continue;
    }
    isPaired[pair] = true;
    const Row &other = b.placed.rows[pair];
    auto least = static_cast<__int128>(row.first) - other.last,
         greatest = static_cast<__int128>(row.last) - other.first;
    if (row.lower && other.upper)
      least = std::max(least, static_cast<__int128>(*row.lower) - *other.upper);
    if (row.upper && other.lower)
      greatest = std::min(greatest, static_cast<__int128>(*row.upper) - *other.lower);
    equation.add(row.stride, least, greatest);
  }
  for (size_t i = 0; i < isPaired.size(); ++i)
    if (!isPaired[i])
      equation.add(-static_cast<__int128>(b.placed.rows[i].stride), b.placed.rows[i].first, b.placed.rows[i].last);
  return equation.maySolve(steps);
}

} // namespace

bool areApart(const Footprint &a, const Footprint &b, const Program &program, uint64_t &steps) {
  if (a.isEmpty() || b.isEmpty() || a.last < b.first || b.last < a.first)
    return true;
  if (!a.plain.isWild && !b.plain.isWild && !mayMeetPlain(a, b, program, steps))
    return true;
  return !a.placed.isWild && !b.placed.isWild && !mayMeetPlaced(a, b, steps);
}

} // namespace rblnc::bundle::prover
