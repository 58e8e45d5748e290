//! Plots of time over size, as SVG.

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;

use crate::figures::Figures;
use crate::measures::section;
use crate::peer::{PEERS, Peer};
use crate::report::points;

const SIZE: (u32, u32) = (720, 440);
const COLORS: [RGBColor; 7] = [
    RGBColor(200, 40, 40),
    RGBColor(220, 140, 60),
    RGBColor(40, 90, 180),
    RGBColor(40, 140, 80),
    RGBColor(130, 80, 170),
    RGBColor(90, 90, 90),
    RGBColor(0, 150, 160),
];

/// Draws the time of builds and of a few classes of queries over the number of passages.
pub fn draw(figures: &Figures, folder: &Path) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let build = section("build", 1);
    plot(figures, &folder.join("build.svg"), "Time to build an index, one thread", "seconds", &build, "seconds")?;
    for (class, title) in [
        ("any", "Three words, any of them"),
        ("question", "A question of twenty words"),
        ("phrase", "A phrase of two words"),
        ("topic", "A topic with all its names"),
    ] {
        let file = folder.join(format!("{class}.svg"));
        plot(figures, &file, title, "microseconds a query", "warm", class)?;
    }
    Ok(())
}

fn plot(
    figures: &Figures,
    file: &Path,
    title: &str,
    unit: &str,
    section: &str,
    what: &str,
) -> Result<(), Box<dyn Error>> {
    let lines: Vec<(Peer, Vec<(f64, f64)>)> = PEERS
        .iter()
        .map(|&peer| (peer, points(figures, section, peer, what)))
        .filter(|(_, points)| points.len() > 1)
        .collect();
    let all = || lines.iter().flat_map(|(_, points)| points);
    let bounds = |pick: fn(&(f64, f64)) -> f64| {
        let low = all().map(pick).fold(f64::INFINITY, f64::min);
        let high = all().map(pick).fold(0.0, f64::max);
        low * 0.7..high * 1.5
    };
    if lines.is_empty() {
        return Ok(());
    }
    let area = SVGBackend::new(file, SIZE).into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(title, ("sans-serif", 20))
        .margin(12)
        .x_label_area_size(40)
        .y_label_area_size(70)
        .build_cartesian_2d(bounds(|point| point.0).log_scale(), bounds(|point| point.1).log_scale())?;
    chart.configure_mesh().x_desc("passages").y_desc(unit).light_line_style(WHITE).draw()?;
    for ((peer, points), color) in lines.iter().zip(COLORS.iter().cycle()) {
        let style = color.stroke_width(2);
        chart
            .draw_series(LineSeries::new(points.iter().copied(), style).point_size(3))?
            .label(peer.name())
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], style));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .border_style(RGBColor(200, 200, 200))
        .draw()?;
    Ok(area.present()?)
}
