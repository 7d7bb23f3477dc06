import assert from "node:assert/strict";
import { probeVideo, readVideo } from "doppel/image/mod.ts";
import { collect, ffmpeg, inFolder, needsFfmpeg } from "./video_fixtures.ts";

const test = (name: string, fn: () => Promise<void>) => Deno.test(needsFfmpeg(name, fn));

for (
  const [matrix, tag, height] of [["bt709", "bt709", 64], ["smpte170m", "bt470bg", 64], [
    "bt709",
    "none",
    720,
  ]] as const
) {
  test(`readVideo() goes by the matrix ${matrix}, ${tag === "none" ? "guessed" : "named in the file"}`, () =>
    inFolder(async (at) => {
      const path = at("red.mp4");
      ffmpeg(
        ...["-f", "lavfi", "-i", `color=0xC83214:s=64x${height}:r=5:d=0.2,format=gbrp`],
        ...[
          "-vf",
          `scale=out_color_matrix=${matrix}:out_range=tv,format=yuv444p${
            tag === "none" ? ",setparams=colorspace=unknown" : ""
          }`,
        ],
        ...["-c:v", "libx264", "-crf", "1", path],
      );
      const { colour } = await probeVideo(path);
      assert.equal(colour.matrix, tag === "none" ? "unknown" : tag);
      const { data } = (await collect(readVideo(path)))[0]!;
      for (const [c, value] of [0xc8, 0x32, 0x14].entries()) {
        assert.ok(Math.abs(data[c]! - value) <= 3, `${data[c]} ${value}`);
      }
    }));
}

for (const transfer of ["arib-std-b67", "smpte2084"]) {
  test(`readVideo() brings high dynamic range (${transfer}) to the colours of a screen`, () =>
    inFolder(async (at) => {
      const bars = [[200, 50, 20], [40, 120, 60], [90, 90, 90], [230, 230, 230]];
      const layers = bars.map((bar, i) =>
        `drawbox=x=${16 * i}:w=16:h=32:color=0x${Uint8Array.from(bar).toHex()}:t=fill`
      );
      ffmpeg(
        ...["-f", "lavfi", "-i", "color=black:s=64x32:r=5:d=0.2,format=rgb24"],
        "-vf",
        [
          ...layers,
          "scale=out_color_matrix=bt709:out_range=tv,format=yuv444p",
          "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv",
          "zscale=t=linear:npl=100,format=gbrpf32le",
          `zscale=p=2020:t=${transfer}:m=2020_ncl:r=tv:npl=203,format=yuv444p10le`,
        ].join(","),
        ...["-c:v", "ffv1", at("hdr.mkv")],
      );
      const { data } = (await collect(readVideo(at("hdr.mkv"))))[0]!;
      const seen = bars.map((_, i) => Array.from(data.subarray((16 * 64 + 16 * i + 8) * 3).subarray(0, 3)));
      // Highlights are rolled off, so that all is somewhat darker; hues and order stay. Measured with ffmpeg 7 and 9.
      const expected = [[164, 41, 16], [36, 106, 54], [80, 80, 80], [180, 180, 180]];
      for (const [c, byte] of seen.flat().entries()) assert.ok(Math.abs(byte - expected.flat()[c]!) < 8, `${seen}`);
    }));
}
