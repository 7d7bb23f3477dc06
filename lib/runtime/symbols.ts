/**
 * Signatures of the functions of TensorFlow's C API (`tensorflow/c/c_api.h`, `tensorflow/c/eager/c_api.h`) that the
 * runtime calls. Handles travel as `usize` bigints: they come out of result arrays in that form, and turning them into
 * pointer objects and back costs more than the call itself.
 *
 * @module
 */

const output = { struct: ["usize", "i32"] } as const;

const statusAndBuffers = {
  TF_Version: { parameters: [], result: "pointer" },
  TF_NewStatus: { parameters: [], result: "usize" },
  TF_DeleteStatus: { parameters: ["usize"], result: "void" },
  TF_GetCode: { parameters: ["usize"], result: "i32" },
  TF_Message: { parameters: ["usize"], result: "pointer" },
  TF_NewBuffer: { parameters: [], result: "usize" },
  TF_DeleteBuffer: { parameters: ["usize"], result: "void" },
} as const;

const tensors = {
  TF_AllocateTensor: { parameters: ["i32", "buffer", "i32", "usize"], result: "usize" },
  TF_DeleteTensor: { parameters: ["usize"], result: "void" },
  TF_TensorData: { parameters: ["usize"], result: "pointer" },
  TF_TensorByteSize: { parameters: ["usize"], result: "usize" },
  TF_StringInit: { parameters: ["usize"], result: "void" },
  TF_StringCopy: { parameters: ["usize", "buffer", "usize"], result: "void" },
  TF_StringGetDataPointer: { parameters: ["usize"], result: "pointer" },
  TF_StringGetSize: { parameters: ["usize"], result: "usize" },
  TF_StringDealloc: { parameters: ["usize"], result: "void" },
  TFE_NewTensorHandle: { parameters: ["usize", "usize"], result: "usize" },
  TFE_DeleteTensorHandle: { parameters: ["usize"], result: "void" },
  TFE_TensorHandleDataType: { parameters: ["usize"], result: "i32" },
  TFE_TensorHandleNumDims: { parameters: ["usize", "usize"], result: "i32" },
  TFE_TensorHandleDim: { parameters: ["usize", "i32", "usize"], result: "i64" },
  TFE_TensorHandleResolve: { parameters: ["usize", "usize"], result: "usize" },
  TFE_TensorHandleBackingDeviceName: { parameters: ["usize", "usize"], result: "pointer" },
} as const;

const context = {
  TFE_NewContextOptions: { parameters: [], result: "usize" },
  TFE_ContextOptionsSetConfig: { parameters: ["usize", "buffer", "usize", "usize"], result: "void" },
  TFE_DeleteContextOptions: { parameters: ["usize"], result: "void" },
  TFE_NewContext: { parameters: ["usize", "usize"], result: "usize" },
  TFE_ContextListDevices: { parameters: ["usize", "usize"], result: "usize" },
  TF_DeviceListCount: { parameters: ["usize"], result: "i32" },
  TF_DeviceListName: { parameters: ["usize", "i32", "usize"], result: "pointer" },
  TF_DeviceListType: { parameters: ["usize", "i32", "usize"], result: "pointer" },
  TF_DeviceListMemoryBytes: { parameters: ["usize", "i32", "usize"], result: "i64" },
  TF_DeleteDeviceList: { parameters: ["usize"], result: "void" },
  TFE_ContextAddFunction: { parameters: ["usize", "usize", "usize"], result: "void" },
  TFE_ContextRemoveFunction: { parameters: ["usize", "buffer", "usize"], result: "void" },
} as const;

const eagerOps = {
  TFE_NewOp: { parameters: ["usize", "buffer", "usize"], result: "usize" },
  TFE_DeleteOp: { parameters: ["usize"], result: "void" },
  TFE_OpSetDevice: { parameters: ["usize", "buffer", "usize"], result: "void" },
  TFE_OpAddInput: { parameters: ["usize", "usize", "usize"], result: "void" },
  TFE_OpSetAttrString: { parameters: ["usize", "buffer", "buffer", "usize"], result: "void" },
  TFE_OpSetAttrInt: { parameters: ["usize", "buffer", "i64"], result: "void" },
  TFE_OpSetAttrFloat: { parameters: ["usize", "buffer", "f32"], result: "void" },
  TFE_OpSetAttrBool: { parameters: ["usize", "buffer", "u8"], result: "void" },
  TFE_OpSetAttrType: { parameters: ["usize", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrShape: { parameters: ["usize", "buffer", "buffer", "i32", "usize"], result: "void" },
  TFE_OpSetAttrIntList: { parameters: ["usize", "buffer", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrFloatList: { parameters: ["usize", "buffer", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrBoolList: { parameters: ["usize", "buffer", "buffer", "i32"], result: "void" },
  TFE_OpSetAttrTypeList: { parameters: ["usize", "buffer", "buffer", "i32"], result: "void" },
  TFE_Execute: { parameters: ["usize", "buffer", "buffer", "usize"], result: "void" },
  /** The same call on another thread: a training step of seconds leaves the event loop free. */
  executeAside: {
    name: "TFE_Execute",
    parameters: ["usize", "buffer", "buffer", "usize"],
    result: "void",
    nonblocking: true,
  },
} as const;

const graphs = {
  TF_NewGraph: { parameters: [], result: "usize" },
  TF_DeleteGraph: { parameters: ["usize"], result: "void" },
  TF_NewOperation: { parameters: ["usize", "buffer", "buffer"], result: "usize" },
  TF_AddInput: { parameters: ["usize", output], result: "void" },
  TF_AddInputList: { parameters: ["usize", "buffer", "i32"], result: "void" },
  TF_AddControlInput: { parameters: ["usize", "usize"], result: "void" },
  TF_SetAttrString: { parameters: ["usize", "buffer", "buffer", "usize"], result: "void" },
  TF_SetAttrInt: { parameters: ["usize", "buffer", "i64"], result: "void" },
  TF_SetAttrFloat: { parameters: ["usize", "buffer", "f32"], result: "void" },
  TF_SetAttrBool: { parameters: ["usize", "buffer", "u8"], result: "void" },
  TF_SetAttrType: { parameters: ["usize", "buffer", "i32"], result: "void" },
  TF_SetAttrShape: { parameters: ["usize", "buffer", "buffer", "i32"], result: "void" },
  TF_SetAttrIntList: { parameters: ["usize", "buffer", "buffer", "i32"], result: "void" },
  TF_SetAttrFloatList: { parameters: ["usize", "buffer", "buffer", "i32"], result: "void" },
  TF_SetAttrBoolList: { parameters: ["usize", "buffer", "buffer", "i32"], result: "void" },
  TF_SetAttrTypeList: { parameters: ["usize", "buffer", "buffer", "i32"], result: "void" },
  TF_SetAttrTensor: { parameters: ["usize", "buffer", "usize", "usize"], result: "void" },
  TF_FinishOperation: { parameters: ["usize", "usize"], result: "usize" },
  TF_GraphSetTensorShape: { parameters: ["usize", output, "buffer", "i32", "usize"], result: "void" },
  TF_OperationNumOutputs: { parameters: ["usize"], result: "i32" },
  TF_OperationOutputType: { parameters: [output], result: "i32" },
  TF_GraphGetTensorNumDims: { parameters: ["usize", output, "usize"], result: "i32" },
  TF_GraphGetTensorShape: { parameters: ["usize", output, "buffer", "i32", "usize"], result: "void" },
  TF_GraphGetOpDef: { parameters: ["usize", "buffer", "usize", "usize"], result: "void" },
  TF_GraphToFunction: {
    parameters: [
      "usize", // graph
      "buffer", // name
      "u8", // append a hash to the name
      "i32", // number of operations, -1 for all
      "buffer",
      "i32", // inputs
      "buffer",
      "i32", // outputs
      "buffer",
      "buffer", // output names
      "usize", // options
      "buffer", // description
      "usize", // status
    ],
    result: "usize",
  },
  TF_DeleteFunction: { parameters: ["usize"], result: "void" },
} as const;

/** Every function that the runtime calls, in the form that `Deno.dlopen` expects. */
export const symbols = { ...statusAndBuffers, ...tensors, ...context, ...eagerOps, ...graphs } as const;

/** The loaded functions. */
export type TensorFlowCalls = Deno.DynamicLibrary<typeof symbols>["symbols"];
