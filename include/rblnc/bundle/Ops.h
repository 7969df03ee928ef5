// The scalar operations of vector programs: one row each (rblnc/support/ScalarOps.def), from which the verifier, the
// emulator and listings work.
#pragma once

#include "rblnc/bundle/bundle_generated.h"
#include "rblnc/support/DType.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rblnc::bundle {

/// What an operation demands of its operands' and its result's dtypes.
enum class OpRule : uint8_t {
  Constant,     ///< imm: bits of the result
  Index,        ///< result integer; imm: dimension
  Float,        ///< operands and result have one float dtype
  FloatByInt,   ///< a float and an i32, result of the float's dtype
  Int,          ///< operands and result have one integer dtype
  CompareFloat, ///< operands have one float dtype, result i1; imm: predicate 0 to 15
  CompareInt,   ///< operands have one integer dtype, result i1; imm: predicate 0 to 9
  Select,       ///< i1, then two of the result's dtype
  ExtendFloat,  ///< f16 or bf16 to f32
  NarrowFloat,  ///< f32 to f16 or bf16
  ExtendInt,    ///< to a wider integer
  NarrowInt,    ///< to a narrower integer
  IntToFloat,
  FloatToInt,
  Bitcast ///< between dtypes of one width
};

struct OpInfo {
  Op op;
  std::string_view name;
  /// The operation of RBLN IR that it stands for: "arith.addf". Empty for none.
  std::string_view ir;
  uint8_t operands;
  OpRule rule;
  /// For floats: the result is a value of the dtype already when the operands are, so there is nothing to round.
  bool isExact;
};

/// Null for a number that is no operation.
const OpInfo *infoOf(Op op);
std::span<const OpInfo> allOps();

/// What is wrong with an operation of these dtypes and this immediate, or empty. As many operands as `info` has; `rank`
/// is that of the index space, if there is one.
std::string faultOf(const OpInfo &info, DType result, std::span<const DType> operands, uint64_t imm,
                    std::optional<size_t> rank);

/// Whether a simple reduction may use the operation, and on which dtypes.
bool canReduce(Op op, DType dtype);

inline bool isFloat(DType dtype) { return dtype >= DType::f16; }
inline bool isInt(DType dtype) { return dtype <= DType::i64; }
/// The same dtype among those of files.
constexpr rblnc::DType fileDType(DType dtype) { return static_cast<rblnc::DType>(dtype); }
/// Bits of a value: 1 for i1.
inline unsigned widthOf(DType dtype) { return bitsOf(fileDType(dtype)); }
/// Bytes in memory: 1 for i1.
inline unsigned bytesOf(DType dtype) { return static_cast<unsigned>(sizeOf(fileDType(dtype))); }
/// A number that is no dtype has a name too.
std::string_view nameOf(DType dtype);

} // namespace rblnc::bundle
