#include "rblnc/bundle/Ops.h"

#include <array>

namespace rblnc::bundle {
namespace {

constexpr OpInfo rows[] = {
#define RBLNC_SCALAR_OP(name, operands, rule, ir, python) {Op::name, #name, ir, operands, OpRule::rule, false},
#define RBLNC_EXACT_OP(name, operands, ir, python) {Op::name, #name, ir, operands, OpRule::Float, true},
#include "rblnc/support/ScalarOps.def"
};

constexpr bool areRowsInOrder() {
  for (size_t i = 0; i < std::size(rows); ++i)
    if (static_cast<size_t>(rows[i].op) != i)
      return false;
  return std::size(rows) == static_cast<size_t>(Op::MAX) + 1;
}
static_assert(areRowsInOrder(), "every operation has its row, in the order of the schema");

static_assert(fileDType(DType::i1) == rblnc::DType::i1 && fileDType(DType::i8) == rblnc::DType::i8 &&
                  fileDType(DType::i16) == rblnc::DType::i16 && fileDType(DType::i32) == rblnc::DType::i32 &&
                  fileDType(DType::i64) == rblnc::DType::i64 && fileDType(DType::f16) == rblnc::DType::f16 &&
                  fileDType(DType::bf16) == rblnc::DType::bf16 && fileDType(DType::f32) == rblnc::DType::f32,
              "dtypes are numbered alike in bundles and in files");

} // namespace

const OpInfo *infoOf(Op op) {
  auto number = static_cast<size_t>(op);
  return number < std::size(rows) ? &rows[number] : nullptr;
}

std::span<const OpInfo> allOps() { return rows; }

bool canReduce(Op op, DType dtype) {
  switch (op) {
  case Op::addf:
  case Op::mulf:
  case Op::maxnumf:
  case Op::minnumf:
  case Op::maximumf:
  case Op::minimumf:
    return isFloat(dtype);
  case Op::addi:
  case Op::muli:
  case Op::maxsi:
  case Op::maxui:
  case Op::minsi:
  case Op::minui:
  case Op::andi:
  case Op::ori:
  case Op::xori:
    return isInt(dtype);
  default:
    return false;
  }
}

std::string_view nameOf(DType dtype) { return dtype <= DType::MAX ? nameOf(fileDType(dtype)) : "unknown dtype"; }

} // namespace rblnc::bundle
