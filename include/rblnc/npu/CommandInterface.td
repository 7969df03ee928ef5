// What passes and the encoder ask of a device command, whatever its kind.
#ifndef RBLNC_NPU_COMMANDINTERFACE_TD
#define RBLNC_NPU_COMMANDINTERFACE_TD

include "mlir/IR/OpBase.td"

def NPU_CommandInterface : OpInterface<"CommandInterface"> {
  let cppNamespace = "::rblnc::npu";
  let description = [{
    A device command: an operation that a queue runs. Commands that only order others (skips, signals, waits) keep the
    default of every method but the queue.
  }];
  let methods = [
    InterfaceMethod<"The queue that runs the command.", "::rblnc::npu::QueueAttr", "getQueue", (ins),
                    [{ return $_op.getQueue(); }]>,
    InterfaceMethod<"Gives the command to another queue.", "void", "setQueue", (ins "::rblnc::npu::QueueAttr":$queue),
                    [{ $_op.setQueueAttr(queue); }]>,
    InterfaceMethod<[{
      What the command reads and writes: one touch for each operand, in their order, with the elements that it may reach
      for all values of registers and of what lies in memory.
    }], "::llvm::SmallVector<::rblnc::npu::Touch, 4>", "getTouches", (ins), "", [{ return {}; }]>,
    InterfaceMethod<"Sets the access that goes with a memory operand.", "void", "setAccess",
                    (ins "unsigned":$operand, "::rblnc::npu::AccessAttr":$access), "",
                    [{ llvm_unreachable("the command has no memory operand"); }]>,
    InterfaceMethod<[{
      Registers that the command reads beside those of its addresses; one that it uses twice may come twice.
    }], "::llvm::SmallVector<int64_t, 2>", "getOtherRegisters", (ins), "", [{ return {}; }]>,
    InterfaceMethod<"The register that the command loads, or -1.", "int64_t", "getLoadedRegister", (ins), "",
                    [{ return -1; }]>,
    InterfaceMethod<[{
      What the command takes on a device when it moves so many bytes from and to DRAM and shared SRAM.
    }], "::rblnc::CommandCost", "getCost",
        (ins "const ::rblnc::CostModel &":$model, "double":$dramBytes, "double":$sharedBytes), "",
        [{ return model.synchronization(dramBytes, sharedBytes); }]>
  ];
}

#endif
