// The `tt` dialect: Triton's IR of every release from 3.0 to the newest, in one superset.
#ifndef RBLNC_TRITON_DIALECT_TD
#define RBLNC_TRITON_DIALECT_TD

include "mlir/IR/DialectBase.td"
include "mlir/IR/OpBase.td"

def TT_Dialect : Dialect {
  let name = "tt";
  let cppNamespace = "::rblnc::tt";
  let summary = "Triton's tensor-level IR, every release from 3.0 on";
  let description = [{
    Everything that a Triton release has printed since 3.0 parses here: operations that newer releases dropped (block
    pointers, `tt.cat`, the experimental descriptor operations) stand beside the newest ones, and old spellings are
    read and printed in the spelling of 3.7. Upstream's limits on shapes (powers of two, 2^20 elements) are not ours.
  }];
  let useDefaultTypePrinterParser = 1;
  let hasConstantMaterializer = 1;
  let dependentDialects = ["::mlir::arith::ArithDialect"];
  let extraClassDeclaration = [{
    /// The column that locations give to the leftmost character of a line: 0 up to Triton 3.7, 1 from 3.8 on. The text
    /// does not name its release; whoever reads a file decides (one context holds files of one convention).
    uint32_t getFirstColumn() const { return firstColumn; }
    void setFirstColumn(uint32_t column) { firstColumn = column; }

  private:
    uint32_t firstColumn = 1;
  }];
}

// After AttrSizedOperandSegments: the first `count` segments have one operand each.
class TT_LeadingOperands<int count> : ParamNativeOpTrait<"LeadingOperands", !cast<string>(count)>, StructuralOpTrait {
  let cppNamespace = "::rblnc::tt";
}

class TT_Op<string mnemonic, list<Trait> traits = []> : Op<TT_Dialect, mnemonic, traits>;

#endif
