#include "Conditions.h"

#include <algorithm>

namespace rblnc::bundle::prover {

Conditions::Number Conditions::numberOf(Set set) {
  std::sort(set.begin(), set.end());
  set.erase(std::unique(set.begin(), set.end()), set.end());
  auto [it, isNew] = known.try_emplace(set, static_cast<Number>(sets.size()));
  if (isNew) {
    bool contradicts = std::any_of(set.begin(), set.end(), [&](uint32_t condition) {
      return condition % 2 == 0 && std::binary_search(set.begin(), set.end(), condition + 1);
    });
    possible.push_back(!contradicts);
    sets.push_back(&it->first);
  }
  return it->second;
}

Conditions::Conditions(const Program &program) {
  loads.resize(program.registers() ? program.registers()->size() : 0);
  size_t queues = program.queues() ? program.queues()->size() : 0;
  auto commandsOf = [&](size_t q) { return program.queues()->Get(static_cast<uint32_t>(q))->commands(); };
  for (size_t q = 0; q < queues; ++q)
    if (commandsOf(q))
      for (const Command *command : *commandsOf(q))
        if (const LoadScalar *load = command->body_as_LoadScalar())
          ++loads[load->register_()];

  auto own = static_cast<uint32_t>(2 * loads.size());
  numberOf({});
  struct Open {
    uint32_t end;
    uint32_t condition;
  };
  for (size_t q = 0; q < queues; ++q) {
    std::vector<Number> &list = numbers.emplace_back();
    std::vector<Open> open;
    Number current = 0;
    for (uint32_t c = 0; commandsOf(q) && c < commandsOf(q)->size(); ++c) {
      if (std::erase_if(open, [&](Open skip) { return skip.end <= c; })) {
        Set set;
        for (Open skip : open)
          set.push_back(skip.condition);
        current = numberOf(std::move(set));
      }
      list.push_back(current);
      const Skip *skip = commandsOf(q)->Get(c)->body_as_Skip();
      if (!skip || skip->count() == 0)
        continue;
      uint32_t condition = 2 * skip->register_() + (skip->when_zero() ? 0 : 1);
      if (loads[skip->register_()] > 1) {
        condition = own;
        own += 2;
      }
      open.push_back({c + 1 + skip->count(), condition});
      Set set = *sets[current];
      set.push_back(condition);
      current = numberOf(std::move(set));
    }
  }
}

Conditions Conditions::assuming(const Set &assumed) const {
  Conditions result;
  result.loads = loads;
  result.numberOf({});
  std::vector<Number> renumbered;
  for (const Set *set : sets) {
    Set rest;
    for (uint32_t condition : *set)
      if (!std::binary_search(assumed.begin(), assumed.end(), condition))
        rest.push_back(condition);
    // What contradicts the assumption gets a set that contradicts itself.
    for (size_t i = 0, count = rest.size(); i < count; ++i)
      if (std::binary_search(assumed.begin(), assumed.end(), rest[i] ^ 1))
        rest.push_back(rest[i] ^ 1);
    renumbered.push_back(result.numberOf(std::move(rest)));
  }
  result.numbers = numbers;
  for (std::vector<Number> &list : result.numbers)
    for (Number &number : list)
      number = renumbered[number];
  return result;
}

bool Conditions::implies(Number inner, Number outer) const {
  return inner == outer || outer == 0 || holds(outer, *sets[inner]);
}

bool Conditions::areCompatible(Number a, Number b) const {
  return possible[a] && possible[b] && std::none_of(sets[a]->begin(), sets[a]->end(), [&](uint32_t condition) {
           return std::binary_search(sets[b]->begin(), sets[b]->end(), condition ^ 1);
         });
}

Conditions::Set Conditions::join(Number a, Number b) const {
  Set result;
  std::set_union(sets[a]->begin(), sets[a]->end(), sets[b]->begin(), sets[b]->end(), std::back_inserter(result));
  return result;
}

bool Conditions::holds(Number number, const Set &among) const {
  return std::includes(among.begin(), among.end(), sets[number]->begin(), sets[number]->end());
}

std::optional<Conditions::Number> Conditions::numberOfBoth(Number a, Number b) const {
  if (implies(a, b))
    return a;
  if (implies(b, a))
    return b;
  auto found = known.find(join(a, b));
  return found == known.end() || !possible[found->second] ? std::nullopt : std::optional(found->second);
}

} // namespace rblnc::bundle::prover
