#include "MemoryPlan.h"

#include "Memory.h"

#include "rblnc/bundle/Accesses.h"

#include <algorithm>
#include <map>
#include <set>

namespace rblnc::emulator {
namespace {

using Place = std::pair<bundle::Memory, uint32_t>;

/// The first and last byte that an access may reach. It is in Int128 because clips, which are not looked at here, may
/// be what keeps the access inside of its memory.
struct Reach {
  using Int128 = __int128;
  Int128 first = 0, last = -1;

  static Reach of(const bundle::AccessUse &use, const bundle::Program &program) {
    const bundle::Access &access = *use.access;
    Int128 low = access.offset(), high = low;
    auto add = [&](Int128 a, Int128 b) {
      low += std::min(a, b);
      high += std::max(a, b);
    };
    for (size_t d = 0; d < use.shape.size(); ++d) {
      if (use.shape[d] <= 0)
        return {};
      add(0, static_cast<Int128>(use.shape[d] - 1) * access.strides()->Get(static_cast<uint32_t>(d)));
    }
    if (access.terms())
      for (const bundle::Term *term : *access.terms()) {
        const bundle::Register &reg = *program.registers()->Get(term->register_());
        // A register that was not loaded holds what of its bounds is nearest to zero.
        add(static_cast<Int128>(reg.min()) * term->scale(), static_cast<Int128>(reg.max()) * term->scale());
      }
    return {low, high + static_cast<Int128>(bytesOf(access.dtype())) - 1};
  }
};

class Planner {
public:
  Planner(const bundle::Bundle &bundle, const bundle::Program &program) : program(program) {
    const auto *regions = bundle.regions();
    for (uint32_t i = 0; i < (regions ? regions->size() : 0); ++i)
      if (regions->Get(i)->kind() == bundle::RegionKind::workspace)
        add(bundle::Memory::dram, i, regions->Get(i)->bytes());
    const bundle::Target &target = *bundle.targets()->Get(program.target());
    add(bundle::Memory::shared, 0, target.shared_bytes());
    std::set<uint32_t> engines;
    bundle::forEachAccess(program, [&](const bundle::Access &access) {
      if (access.memory() == bundle::Memory::scratchpad)
        engines.insert(access.unit());
    });
    for (uint32_t engine : engines)
      add(bundle::Memory::scratchpad, engine, target.scratchpad_bytes());
  }

  std::vector<MemoryNeed> plan() {
    if (program.queues())
      for (const bundle::Queue *queue : *program.queues())
        if (queue->commands())
          for (const bundle::Command *command : *queue->commands())
            for (const bundle::AccessUse &use : bundle::accessesOf(*command))
              if (use.isWritten)
                addWritten(use);
    return std::move(needs);
  }

private:
  void add(bundle::Memory memory, uint32_t unit, int64_t bytes) {
    if (bytes <= 0)
      return;
    places[{memory, unit}] = needs.size();
    needs.push_back({memory, unit, static_cast<uint64_t>(bytes), {}});
  }

  void addWritten(const bundle::AccessUse &use) {
    uint32_t unit = use.access->memory() == bundle::Memory::shared ? 0 : use.access->unit();
    auto place = places.find({use.access->memory(), unit});
    if (place == places.end())
      return; // an argument
    MemoryNeed &need = needs[place->second];
    Reach reach = Reach::of(use, program);
    auto last = static_cast<Reach::Int128>(need.bytes) - 1;
    reach.first = std::max<Reach::Int128>(reach.first, 0);
    reach.last = std::min(reach.last, last);
    if (reach.first > reach.last)
      return;
    auto first = static_cast<uint64_t>(reach.first), end = static_cast<uint64_t>(reach.last) + 1;
    need.written = need.written.size() == 0
                       ? ByteRange{first, end}
                       : ByteRange{std::min(need.written.first, first), std::max(need.written.end, end)};
  }

  const bundle::Program &program;
  std::vector<MemoryNeed> needs;
  std::map<Place, size_t> places;
};

} // namespace

std::vector<MemoryNeed> planMemories(const bundle::Bundle &bundle, const bundle::Program &program) {
  return Planner(bundle, program).plan();
}

} // namespace rblnc::emulator
