/** Wrangler makes a compiled module of each `.wasm` import. */
declare module "*.wasm" {
  const module: WebAssembly.Module
  export default module
}
