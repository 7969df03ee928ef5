#include "rblnc/bundle/Figures.h"

namespace rblnc::bundle {

TargetT freeze(const rblnc::Target &target) {
  TargetT frozen;
  frozen.name = target.name;
#define RBLNC_FIGURE(type, field, key, least, greatest) frozen.key = target.field;
#define RBLNC_DTYPE_FIGURE(field, key) frozen.key = nameOf(target.field).str();
#include "rblnc/target/Figures.def"
  return frozen;
}

rblnc::Target thaw(const Target &frozen) {
  rblnc::Target target;
  target.name = frozen.name()->str();
#define RBLNC_FIGURE(type, field, key, least, greatest) target.field = frozen.key();
#define RBLNC_DTYPE_FIGURE(field, key)                                                                                 \
  target.field = computeDTypeOf(frozen.key()->string_view()).value_or(target.field);
#include "rblnc/target/Figures.def"
  return target;
}

} // namespace rblnc::bundle
