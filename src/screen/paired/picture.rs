//! What a screen shows, as a picture that its own page draws: only when somebody asks for it, for as
//! long as nobody has looked at it, and in memory alone.

use super::limits::ms;
use super::{PairError, PairLimit, Paired, code, locked};
use crate::event::{Millis, UnixMs};
use crate::words::words;

/// How a PNG begins.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// A page that has not drawn by then does not.
const WAIT_MS: Millis = 30_000;

/// A screen's picture.
#[derive(Debug, Default)]
pub(super) struct Picture {
    /// When it was asked for; 0 where nobody waits for it.
    asked_ms: UnixMs,
    taken: Option<(UnixMs, Vec<u8>)>,
    failed: Option<Failed>,
}

words! {
    /// Why there is no picture.
    pub enum Failed {
        /// The browser keeps pages from drawing themselves, as those of older televisions do.
        Browser = "browser",
        /// It shows no board at this moment.
        NoBoard = "no-board",
        /// It is larger than `picture_bytes_max`.
        TooLarge = "too-large",
    }
}

/// How it stands with a screen's picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureState {
    /// Nobody has asked for one.
    None,
    /// The page is to draw it.
    Asked,
    /// It is there, to be looked at once.
    Taken {
        /// When it came.
        at_ms: UnixMs,
    },
    /// There is none, and why.
    Failed(Failed),
    /// The page has not answered.
    Silent,
}

/// Why a picture is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// Not from a paired screen.
    #[error("only a paired screen may send its picture")]
    NotPaired,
    /// Nobody waits for it.
    #[error("nobody has asked for this picture, or somebody did so too long ago")]
    NotAsked,
    /// It is something else.
    #[error("a picture must be a PNG")]
    NoPng,
    /// `picture_bytes_max`, or `pictures_max`.
    #[error("the picture is over pairing.{0}")]
    Limit(&'static str),
}

impl Picture {
    /// When the page is to draw it; 0 where it is not.
    pub(super) fn asked_ms(&self) -> UnixMs {
        self.asked_ms
    }

    fn forget_old(&mut self, now_ms: UnixMs, kept_ms: Millis) {
        if self.taken.as_ref().is_some_and(|(at_ms, _)| now_ms - at_ms > kept_ms) {
            self.taken = None;
        }
    }
}

impl Paired {
    /// Has the screen's page draw what it shows.
    pub fn ask_picture(&self, name: &str) -> Result<(), PairError> {
        let (_, screen) = self.by_name(name)?;
        let asked_ms = (self.clock)();
        *locked(&screen.picture) = Picture { asked_ms, ..Picture::default() };
        Ok(())
    }

    /// How it stands with it.
    pub fn picture_state(&self, name: &str) -> PictureState {
        let Ok((_, screen)) = self.by_name(name) else { return PictureState::None };
        let now_ms = (self.clock)();
        let mut picture = locked(&screen.picture);
        picture.forget_old(now_ms, ms(self.limits.picture_kept));
        match (&picture.taken, picture.failed) {
            (Some((at_ms, _)), _) => PictureState::Taken { at_ms: *at_ms },
            (None, Some(why)) => PictureState::Failed(why),
            (None, None) if picture.asked_ms == 0 => PictureState::None,
            (None, None) if now_ms - picture.asked_ms > WAIT_MS => PictureState::Silent,
            (None, None) => PictureState::Asked,
        }
    }

    /// Largest picture that is taken.
    pub fn picture_bytes_max(&self) -> usize {
        self.limits.picture_bytes_max
    }

    /// Whether the screen with that token is waited for.
    pub fn is_picture_wanted(&self, token: &str, asked_ms: UnixMs) -> Result<(), PictureError> {
        let hash = code::hash_of(token).ok_or(PictureError::NotPaired)?;
        let screen = self.by_hash(&hash).ok_or(PictureError::NotPaired)?;
        let own_ms = locked(&screen.picture).asked_ms;
        let is_new = own_ms != 0 && (self.clock)() - own_ms <= WAIT_MS;
        if is_new && own_ms == asked_ms { Ok(()) } else { Err(PictureError::NotAsked) }
    }

    /// Takes the picture that the screen with that token was asked for.
    pub fn take_picture(
        &self,
        token: &str,
        asked_ms: UnixMs,
        png: Vec<u8>,
    ) -> Result<(), PictureError> {
        self.is_picture_wanted(token, asked_ms)?;
        if !png.starts_with(PNG) {
            return Err(PictureError::NoPng);
        }
        let now_ms = (self.clock)();
        if self.pictures_kept(now_ms) >= self.limits.pictures_max {
            self.refuse(PairLimit::Pictures);
            return Err(PictureError::Limit(PairLimit::Pictures.name()));
        }
        self.with_picture(token, |picture| {
            *picture = Picture { taken: Some((now_ms, png)), ..Picture::default() };
        })
    }

    /// The screen with that token cannot draw itself.
    pub fn fail_picture(
        &self,
        token: &str,
        asked_ms: UnixMs,
        why: Failed,
    ) -> Result<(), PictureError> {
        self.is_picture_wanted(token, asked_ms)?;
        if why == Failed::TooLarge {
            self.refuse(PairLimit::PictureBytes);
        }
        let failed = Picture { failed: Some(why), ..Picture::default() };
        self.with_picture(token, |picture| *picture = failed)
    }

    /// The picture, for the one who looks at it: it is gone afterwards.
    pub fn look_at_picture(&self, name: &str) -> Option<Vec<u8>> {
        let (_, screen) = self.by_name(name).ok()?;
        let mut picture = locked(&screen.picture);
        picture.forget_old((self.clock)(), ms(self.limits.picture_kept));
        picture.taken.take().map(|(_, png)| png)
    }

    fn with_picture(
        &self,
        token: &str,
        change: impl FnOnce(&mut Picture),
    ) -> Result<(), PictureError> {
        let screen = code::hash_of(token).and_then(|hash| self.by_hash(&hash));
        change(&mut locked(&screen.ok_or(PictureError::NotPaired)?.picture));
        Ok(())
    }

    fn pictures_kept(&self, now_ms: UnixMs) -> usize {
        let screens: Vec<_> = locked(&self.known).by_hash.values().cloned().collect();
        let kept_ms = ms(self.limits.picture_kept);
        let is_kept = |picture: &mut Picture| {
            picture.forget_old(now_ms, kept_ms);
            picture.taken.is_some()
        };
        screens.iter().filter(|screen| is_kept(&mut locked(&screen.picture))).count()
    }
}
