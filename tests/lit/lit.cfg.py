# FileCheck tests. A test is a file with RUN lines; %rblnc is the compiler, %t a scratch path, %kernels the committed TTIR.
import os

import lit.formats

config.name = "rblnc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".ttir", ".mlir", ".test"]
config.excludes = ["Inputs"]
config.test_source_root = os.path.dirname(__file__)

config.environment["PATH"] = os.pathsep.join([config.llvm_tools_dir, config.environment.get("PATH", "")])
config.environment["TMPDIR"] = config.test_exec_root
config.substitutions += [
    ("%rblnc", config.rblnc),
    ("%kernels", os.path.join(config.source_dir, "kernels", "ttir")),
    ("%python", config.python),
]
