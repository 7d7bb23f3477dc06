/** Splits a stream of text into lines without their ends; the last one need not be ended. */
export class TextLineStream extends TransformStream<string, string> {
  /** Makes the splitter. */
  constructor() {
    let rest = "";
    super({
      transform(chunk, controller) {
        const lines = (rest + chunk).split(/\r?\n|\r/);
        rest = lines.pop()!;
        for (const line of lines) controller.enqueue(line);
      },
      flush(controller) {
        if (rest) controller.enqueue(rest);
      },
    });
  }
}
