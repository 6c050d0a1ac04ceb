use std::io::Cursor;
use std::sync::Arc;

use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits};
use tokio::sync::Semaphore;

use super::outbound::{FetchKind, Outbound};
use super::problem::FetchProblem;

/// The longest side of a logo that we serve, in pixels.
const SERVED: u32 = 256;
/// The longest side of one that we open.
const OPENED: u32 = 2048;
/// Bytes that opening one may take: as many pixels with four times 16 bits, and as much again.
const MEMORY: u64 = 64 * 1024 * 1024;

/// Fetches the logos of clients and makes them harmless (`security.md` R91): PNG, JPEG or WebP by
/// their bytes and not by what the server calls them, never SVG; decoded, scaled down and encoded
/// anew, so that nothing is left of the file but its pixels.
pub struct Logos {
    outbound: Arc<Outbound>,
    /// One is opened at a time, because of the memory.
    turn: Semaphore,
}

/// Why there is no logo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogoProblem {
    /// It could not be fetched.
    #[error("{0}")]
    Fetch(#[from] FetchProblem),
    /// It is none of the three formats.
    #[error("the logo is neither PNG nor JPEG nor WebP")]
    Format,
    /// It is too large, or broken.
    #[error("the logo cannot be opened: {0}")]
    Unreadable(String),
}

impl Logos {
    /// Logos fetched with `outbound`.
    pub fn new(outbound: Arc<Outbound>) -> Self {
        Self { outbound, turn: Semaphore::new(1) }
    }

    /// The logo at `url` as a PNG of at most 256 × 256 pixels.
    ///
    /// # Errors
    /// When it cannot be fetched or opened; a client does without it then.
    pub async fn fetch(&self, url: &str) -> Result<Vec<u8>, LogoProblem> {
        let fetched = self.outbound.get(url, FetchKind::Logo).await?;
        self.recode(fetched.body).await
    }

    /// A logo's file as a PNG of at most 256 × 256 pixels. It is opened on a thread where it holds
    /// up no request.
    ///
    /// # Errors
    /// As [`Logos::fetch`].
    pub async fn recode(&self, file: Vec<u8>) -> Result<Vec<u8>, LogoProblem> {
        let closed = |_| LogoProblem::Unreadable("nobody opens logos any more".to_owned());
        let _turn = self.turn.acquire().await.map_err(closed)?;
        let opened = tokio::task::spawn_blocking(move || recode(&file)).await;
        opened.unwrap_or_else(|error| Err(LogoProblem::Unreadable(error.to_string())))
    }
}

fn recode(file: &[u8]) -> Result<Vec<u8>, LogoProblem> {
    let unreadable = |error: image::ImageError| LogoProblem::Unreadable(error.to_string());
    let format = format(file)?;
    if format == ImageFormat::WebP {
        refuse_hidden_frames(file)?;
    }
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_image_width = Some(OPENED);
    limits.max_image_height = Some(OPENED);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    // A camera turns the picture by a note beside it, and notes are not kept.
    let orientation = decoder.orientation().map_err(unreadable)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    image.apply_orientation(orientation);
    if image.width() > SERVED || image.height() > SERVED {
        image = image.resize(SERVED, SERVED, FilterType::Triangle);
    }
    let mut png = Vec::new();
    let pixels = DynamicImage::from(image.to_rgba8());
    pixels.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).map_err(unreadable)?;
    Ok(png)
}

/// The format by the file's first bytes.
fn format(file: &[u8]) -> Result<ImageFormat, LogoProblem> {
    match image::guess_format(file) {
        Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP)) => Ok(format),
        _ => Err(LogoProblem::Format),
    }
}

/// Refuses a WebP file that is animated or has a frame larger than we open. The library's limits
/// are those of the canvas, and it opens a frame before it finds that it does not fit.
/// The container: RFC 9649 §2.3; the frame's head: RFC 6386 §9.1.
fn refuse_hidden_frames(file: &[u8]) -> Result<(), LogoProblem> {
    let refused = |why: &str| Err(LogoProblem::Unreadable(why.to_owned()));
    let mut rest = file.get(12..).unwrap_or_default();
    while let Some((head, body)) = rest.split_at_checked(8) {
        let (name, size) = head.split_at(4);
        let size = size.iter().rev().fold(0, |size, byte| (size << 8) | usize::from(*byte));
        match (name, body) {
            (b"ANIM" | b"ANMF", _) => return refused("it is animated"),
            (b"VP8 ", [_, _, _, _, _, _, w0, w1, h0, h1, ..]) => {
                let side = |low, high| u32::from(u16::from_le_bytes([low, high]) & 0x3fff);
                if side(*w0, *w1) > OPENED || side(*h0, *h1) > OPENED {
                    return refused("a frame is too large");
                }
            }
            _ => {}
        }
        rest = body.get(size.next_multiple_of(2)..).unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let image = DynamicImage::ImageRgb8(image::RgbImage::from_pixel(
            width,
            height,
            image::Rgb([200, 30, 30]),
        ));
        let mut file = Vec::new();
        image.write_to(&mut Cursor::new(&mut file), format).unwrap();
        file
    }

    /// The size of what we serve, which is a PNG.
    fn served(file: &[u8]) -> (u32, u32) {
        let png = recode(file).unwrap();
        assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
        let image = image::load_from_memory_with_format(&png, ImageFormat::Png).unwrap();
        (image.width(), image.height())
    }

    /// A segment right after a JPEG's beginning.
    fn with_segment(jpeg: &[u8], marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&jpeg[..2], &[0xff, marker], &length, content, &jpeg[2..]].concat()
    }

    fn webp(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut body = b"WEBP".to_vec();
        for (name, content) in chunks {
            body.extend_from_slice(*name);
            body.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
            body.extend_from_slice(content);
            body.resize(body.len().next_multiple_of(2), 0);
        }
        [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
    }

    #[test]
    fn three_formats_become_small_pngs() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            assert_eq!(served(&encoded(64, 32, format)), (64, 32), "{format:?}");
            assert_eq!(served(&encoded(1000, 500, format)), (256, 128), "{format:?}");
            assert_eq!(served(&encoded(OPENED, 1, format)), (256, 1), "{format:?}");
        }
    }

    #[test]
    fn r91_nothing_but_pixels_is_left() {
        let jpeg = with_segment(&encoded(8, 8, ImageFormat::Jpeg), 0xfe, b"<script>");
        let mut png = encoded(8, 8, ImageFormat::Png);
        png.extend_from_slice(b"<script>");
        for file in [jpeg, png] {
            assert!(file.windows(8).any(|part| part == b"<script>"));
            assert!(!recode(&file).unwrap().windows(8).any(|part| part == b"<script>"));
        }
    }

    #[test]
    fn a_turned_picture_stands_upright() {
        // TIFF, little-endian, one entry: Orientation (0x112), one short, 6 (turned by 90°).
        let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let jpeg = with_segment(&encoded(16, 8, ImageFormat::Jpeg), 0xe1, exif);
        assert_eq!(served(&jpeg), (8, 16));
    }

    #[test]
    fn r91_other_formats_are_refused() {
        for file in [
            &b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>"[..],
            b"<?xml version=\"1.0\"?><svg/>",
            b"GIF89a\x01\0\x01\0\0\0\0;",
            b"<!doctype html>",
            b"BM",
            b"",
        ] {
            assert_eq!(recode(file), Err(LogoProblem::Format));
        }
    }

    #[test]
    fn broken_files_are_refused() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let mut file = encoded(64, 64, format);
            file.truncate(40);
            assert!(matches!(recode(&file), Err(LogoProblem::Unreadable(_))), "{format:?}");
        }
    }

    #[test]
    fn r97_a_small_file_that_would_be_large_in_memory_is_refused() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            for (width, height) in [(OPENED + 1, 1), (1, OPENED + 1)] {
                let refused = recode(&encoded(width, height, format));
                assert!(matches!(refused, Err(LogoProblem::Unreadable(_))), "{format:?}");
            }
        }
    }

    #[test]
    fn r97_a_frame_larger_than_its_canvas_is_refused_unopened() {
        let largest = [0x10, 0, 0, 0x9d, 0x01, 0x2a, 0xff, 0x3f, 0xff, 0x3f];
        let canvas = [0; 10];
        let refused = |why: &str| Err(LogoProblem::Unreadable(why.to_owned()));
        let hidden = webp(&[(b"VP8X", &canvas), (b"EXIF", b"odd"), (b"VP8 ", &largest)]);
        assert_eq!(recode(&hidden), refused("a frame is too large"));
        let animated = webp(&[(b"VP8X", &canvas), (b"ANIM", &[0; 6])]);
        assert_eq!(recode(&animated), refused("it is animated"));
    }
}
