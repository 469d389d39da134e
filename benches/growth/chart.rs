//! A row of small charts as SVG, both axes logarithmic; readable on light and on dark pages.

use std::fmt::Write;

/// A line of points, named above the plot.
pub(crate) struct Series {
    pub name: &'static str,
    /// Leaves, and what was measured; both above 0.
    pub points: Vec<(f64, f64)>,
}

/// One chart.
pub(crate) struct Panel {
    pub title: &'static str,
    pub series: Vec<Series>,
}

const WIDTH: f64 = 430.0;
const HEIGHT: f64 = 305.0;
/// Room around the plot of a panel: left, top, right, bottom.
const ROOM: (f64, f64, f64, f64) = (52.0, 60.0, 30.0, 46.0);
/// Between the left edge of a plot and its first decade, so that the first value has room.
const INSET: f64 = 22.0;
/// Lines that are told apart on white and on black, also by those who see no red or green.
const COLORS: [&str; 3] = ["#2a7de1", "#d9730d", "#8c959f"];

const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#57606a}.title{font-weight:600;font-size:14px;fill:#24292f}\
.grid{stroke:#8c959f;stroke-opacity:.3}.axis{stroke:#8c959f}.line{fill:none;stroke-width:2.2}\
@media(prefers-color-scheme:dark){text{fill:#9da7b3}.title{fill:#e6edf3}}";

/// From decade to decade around some values.
#[derive(Clone, Copy)]
struct Axis {
    low: i32,
    high: i32,
    start: f64,
    end: f64,
}

impl Axis {
    fn around(values: impl Iterator<Item = f64> + Clone, start: f64, end: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "decades are few")]
        let decade = |value: f64| value as i32;
        let low = values.clone().fold(f64::INFINITY, f64::min).log10().floor();
        let high = values.fold(f64::NEG_INFINITY, f64::max).log10().ceil();
        let (low, high) = (decade(low), decade(high));
        Self {
            low,
            high: high.max(low + 1),
            start,
            end,
        }
    }

    fn place(self, value: f64) -> f64 {
        let share = (value.log10() - f64::from(self.low)) / f64::from(self.high - self.low);
        self.start + share * (self.end - self.start)
    }

    fn decades(self) -> impl Iterator<Item = (f64, String)> {
        (self.low..=self.high).map(move |power| {
            let value = 10f64.powi(power);
            let text = match power {
                -5..=3 => format!("{value}"),
                4..=5 => format!("{} k", value / 1e3),
                6..=8 => format!("{} M", value / 1e6),
                _ => format!("1e{power}"),
            };
            (self.place(value), text)
        })
    }
}

/// A measured value, three digits of it.
fn short(value: f64) -> String {
    match value {
        _ if value >= 100.0 => format!("{value:.0}"),
        _ if value >= 10.0 => format!("{value:.1}"),
        _ if value >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

fn axes(out: &mut String, panel: &Panel, x: Axis, y: Axis) -> std::fmt::Result {
    let (left, bottom, top) = (x.start - INSET, y.start, y.end);
    writeln!(
        out,
        "<text class='title' x='{left:.0}' y='20'>{}</text>",
        panel.title
    )?;
    for (place, text) in x.decades() {
        writeln!(
            out,
            "<path class='grid' d='M{place:.1} {bottom:.1}V{top:.1}'/><text text-anchor='middle' x='{place:.1}' y='{:.1}'>{text}</text>",
            bottom + 18.0
        )?;
    }
    for (place, text) in y.decades() {
        writeln!(
            out,
            "<path class='grid' d='M{left:.1} {place:.1}H{:.1}'/><text text-anchor='end' x='{:.1}' y='{:.1}'>{text}</text>",
            x.end,
            left - 7.0,
            place + 4.0
        )?;
    }
    writeln!(
        out,
        "<path class='axis' fill='none' d='M{left:.1} {top:.1}V{bottom:.1}H{:.1}'/><text text-anchor='middle' x='{:.1}' y='{:.1}'>leaves</text>",
        x.end,
        f64::midpoint(left, x.end),
        bottom + 36.0
    )
}

/// The `n`-th line: its name above the plot, its values above or below the points.
fn line(out: &mut String, n: u8, series: &Series, x: Axis, y: Axis) -> std::fmt::Result {
    let color = COLORS[usize::from(n) % COLORS.len()];
    let aside = if n == 0 { -9.0 } else { 18.0 };
    let places = series
        .points
        .iter()
        .map(|&(at, value)| (x.place(at), y.place(value)));
    let path: Vec<String> = places
        .clone()
        .map(|(x, y)| format!("{x:.1} {y:.1}"))
        .collect();
    writeln!(
        out,
        "<path class='line' stroke='{color}' d='M{}'/>",
        path.join("L")
    )?;
    for (place, (_, value)) in places.zip(&series.points) {
        writeln!(
            out,
            "<circle cx='{0:.1}' cy='{1:.1}' r='3.5' fill='{color}'/><text text-anchor='middle' x='{0:.1}' y='{2:.1}'>{3}</text>",
            place.0,
            place.1,
            place.1 + aside,
            short(*value)
        )?;
    }
    writeln!(
        out,
        "<text style='fill:{color};font-weight:600' x='{:.1}' y='{:.1}'>{}</text>",
        x.start - INSET + 110.0 * f64::from(n),
        y.end - 14.0,
        series.name
    )
}

fn draw(out: &mut String, panels: &[Panel]) -> std::fmt::Result {
    let rows = f64::from(u32::try_from(panels.len().div_ceil(2)).unwrap_or(1));
    writeln!(
        out,
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {:.0} {:.0}' role='img' aria-label='How cost grows with the number of leaves'><style>{STYLE}</style>",
        2.0 * WIDTH,
        rows * HEIGHT
    )?;
    for (n, panel) in (0_u32..).zip(panels) {
        let corner = (f64::from(n % 2) * WIDTH, f64::from(n / 2) * HEIGHT);
        let points = || {
            panel
                .series
                .iter()
                .flat_map(|series| series.points.iter().copied())
        };
        let x = Axis::around(
            points().map(|point| point.0),
            ROOM.0 + INSET,
            WIDTH - ROOM.2,
        );
        let y = Axis::around(points().map(|point| point.1), HEIGHT - ROOM.3, ROOM.1);
        writeln!(
            out,
            "<g transform='translate({:.0} {:.0})'>",
            corner.0, corner.1
        )?;
        axes(out, panel, x, y)?;
        for (n, series) in (0..).zip(&panel.series) {
            line(out, n, series, x, y)?;
        }
        writeln!(out, "</g>")?;
    }
    writeln!(out, "</svg>")
}

/// The panels, two in a row.
pub(crate) fn svg(panels: &[Panel]) -> String {
    let mut out = String::new();
    draw(&mut out, panels).expect("a String takes all");
    out
}
