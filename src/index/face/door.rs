//! The way into loops that are compiled for what the machine has: it is asked once, and whoever holds a door may go through.

/// Declares lanes that there are only where the machine has these features, with a lookup of one point and one of many.
macro_rules! door {
    ($(#[$doc:meta])* $name:ident, $all:literal, $($feature:tt)+) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub(super) struct $name(());

        impl $name {
            /// Asks the machine.
            pub(super) fn here() -> Option<Self> {
                let is_here = true $(&& is_x86_feature_detected!($feature))+;
                is_here.then_some(Self(()))
            }

            /// The face of one point, and what follows from it, in one piece.
            pub(super) fn find_then<T: Then>(
                self,
                index: &FaceIndex,
                at: Coord,
                then: &T,
                row: &mut T::Row,
            ) -> T::Told {
                #[target_feature(enable = $all)]
                fn find<T: Then>(
                    lanes: $name,
                    index: &FaceIndex,
                    at: Coord,
                    then: &T,
                    row: &mut T::Row,
                ) -> T::Told {
                    match index.find_at_once(at, lanes) {
                        Some(face) => then.tell(at, face, row),
                        None => find_slowly(lanes, index, at, then, row),
                    }
                }
                #[target_feature(enable = $all)]
                #[cold]
                fn find_slowly<T: Then>(
                    lanes: $name,
                    index: &FaceIndex,
                    at: Coord,
                    then: &T,
                    row: &mut T::Row,
                ) -> T::Told {
                    then.tell(at, index.find_with(at, lanes), row)
                }
                #[expect(unsafe_code, reason = "the vector instructions are inlined")]
                // SAFETY: the machine was asked.
                unsafe {
                    find(self, index, at, then, row)
                }
            }

            /// The faces of all points.
            pub(super) fn find_all(self, index: &FaceIndex, points: &[Coord], faces: &mut [Face]) {
                #[target_feature(enable = $all)]
                fn find_all(lanes: $name, index: &FaceIndex, points: &[Coord], faces: &mut [Face]) {
                    index.find_all_with(points, faces, lanes);
                }
                #[expect(unsafe_code, reason = "the vector instructions are inlined into the loop")]
                // SAFETY: the machine was asked.
                unsafe {
                    find_all(self, index, points, faces);
                }
            }
        }
    };
}

pub(super) use door;
