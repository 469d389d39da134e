// Whether a graphics card draws the page. Office machines without one are common, and headless browsers have none.

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** True where the processor would draw WebGL: smooth edges and blur are then left out, since they cost seconds. */
export function drawnByProcessor(): boolean {
  const context = document.createElement('canvas').getContext('webgl2');
  if (!context) return true;
  const names = context.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(context.getParameter(names?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER));
  context.getExtension('WEBGL_lose_context')?.loseContext();
  return SOFTWARE.test(renderer);
}
