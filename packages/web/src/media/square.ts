/** Side of a face, in pixels: the largest one on a screen with three dots a pixel. */
const side = 256;

/** The middle of a picture, square and small, turned as the camera was held. @throws where it is no picture */
export async function squareOf(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const canvas = new OffscreenCanvas(side, side);
  const part = Math.min(picture.width, picture.height);
  const [x, y] = [(picture.width - part) / 2, (picture.height - part) / 2];
  const context = canvas.getContext('2d');
  if (!context) throw new Error('there is no canvas to draw on');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, x, y, part, part, 0, 0, side, side);
  picture.close();
  return canvas.convertToBlob({ type: 'image/webp', quality: 0.9 });
}
